export * from './contracts.js';
export { createLiveBus } from './live-bus.js';
export { queueBackend, queueConnection, type QueueBackend } from './backend.js';
export * from './queues.js';
export { jobDesk, type Again, type Ended, type JobDesk } from './job-desk.js';
