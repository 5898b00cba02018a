export * from './amount';
export * from './money';
export * from './names';
export * from './price';
export * from './time';
export * from './sentence';
