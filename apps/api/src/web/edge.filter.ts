import { UserProblem } from '#core';
import { Catch, HttpException, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Log } from '#host';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TooManyAttempts } from '../auth/auth.service.js';
import { shownError } from '../graphql/shown-error.js';
import { NOT_BUILT } from './web-root.js';

/**
 * Last stop of every failed request: JSON `{message, fields}` for programs, the page for a browser that asks for one of
 * its addresses. Operations of GraphQL have their own formatter and only pass through.
 */
@Catch()
export class EdgeFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    /** The page's index.html, `null` when it was not built. */
    private readonly page: string | null,
  ) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    if (host.getType<string>() === 'graphql') return error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (error instanceof NotFoundException && request.method === 'GET' && wantsPage(request)) {
      return reply
        .code(this.page === null ? 503 : 200)
        .header('content-type', 'text/html; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(this.page ?? NOT_BUILT);
    }
    if (error instanceof TooManyAttempts) {
      return reply
        .code(429)
        .header('retry-after', String(Math.ceil(error.afterMs / 1000)))
        .send({ message: error.message, fields: [] });
    }
    if (error instanceof UserProblem) return reply.code(400).send({ message: error.message, fields: error.fields });
    const status = statusOf(error);
    if (status !== null)
      return reply.code(status).send({ message: sentences[status] ?? (error as Error).message, fields: [] });
    const shown = shownError(error, this.log);
    return reply.code(shown.code === 'OUTSIDE' ? 503 : 500).send({ ...shown, fields: shown.fields ?? [] });
  }
}

const sentences: Readonly<Record<number, string>> = {
  404: 'There is nothing at this address.',
  413: 'The request is too large.',
  415: 'Send JSON.',
};

/** Status of an error of Nest's or of Fastify's that is the asker's doing. */
function statusOf(error: unknown): number | null {
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

/** Files lie at the root (`/favicon.ico`) or in `/assets/`; a missing one is missing. Ids within the page may have dots. */
function wantsPage(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0];
  return (request.headers.accept ?? '').includes('text/html') && !/^\/(assets\/|[^/]*\.[^/]*$)/.test(path);
}
