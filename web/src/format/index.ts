export * from './amount';
export * from './config-value';
export * from './money';
export * from './names';
export * from './price';
export * from './time';
export * from './sentence';
