import { webhook } from './webhook/webhook.notifier.js';

export { webhook };
export const notifiers = [webhook];
