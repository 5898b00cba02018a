export { Intake } from './intake.js';
export type * from './intake.types.js';
