export * from './notice.types.js';
export { createOutbox, type Outbox, type Outcome } from './outbox.store.js';
export {
  makeTestDelivery,
  noticeRule,
  noticeRules,
  removeNoticeRule,
  saveNoticeRule,
  type NoticeRuleLook,
} from './notice-rule.repo.js';
export { deliveryPage, sendDeliveryAgain, type DeliveryFilter } from './delivery.query.js';
export * from './secret.repo.js';
