import type { Log } from '#host';
import type { LoggerService } from '@nestjs/common';

/** Nest's own words, as lines of our log; its account of every route is for debugging only. */
export const nestLog = (log: Log): LoggerService => {
  const say =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]): void =>
      log[level](message instanceof Error ? message.message : String(message), {
        from: 'nest',
        detail: rest.filter((part) => part !== undefined),
      });
  return {
    log: say('debug'),
    debug: say('debug'),
    verbose: say('debug'),
    warn: say('warn'),
    error: say('error'),
    fatal: say('error'),
  };
};
