import { createHmac, timingSafeEqual } from 'node:crypto';
import { newsSourceSecret, NewsStore } from '#data';
import { defineQueue, queueConnection, type JobQueue } from '#queue';
import {
  Controller,
  HttpCode,
  HttpException,
  Param,
  Post,
  Req,
  type OnModuleDestroy,
  type RawBodyRequest,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { House } from '../house.js';

/** A signed message older than this, or this far in the future, could be somebody's recording. */
const SKEW_MS = 5 * 60_000;

/**
 * Where other programs post news: `POST /hooks/news/SOURCE` with `x-arbintel-timestamp` (ms) and `x-arbintel-signature`,
 * `sha256=` and the hex HMAC-SHA-256 of timestamp, a full stop and the body, under the source's secret.
 */
@Controller('hooks/news')
export class NewsHookController implements OnModuleDestroy {
  readonly #store: NewsStore;
  #queue: JobQueue | null = null;

  constructor(private readonly house: House) {
    this.#store = new NewsStore(house.pool);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#queue?.close().catch(() => undefined);
  }

  @Post(':source')
  @HttpCode(202)
  async take(
    @Param('source') id: string,
    @Req() request: RawBodyRequest<FastifyRequest>,
  ): Promise<{ readonly added: number; readonly given: number }> {
    const { house } = this;
    const source = await newsSourceSecret(house.pool, id);
    const plugin = source && house.plugins.news.find(({ manifest }) => manifest.id === source.plugin);
    // Whoever has no secret learns nothing of which sources there are.
    if (!source?.secret || !plugin?.receive || !this.#isSigned(id, source.secret, request))
      throw new HttpException({ message: 'The signature does not fit.', fields: [] }, 401);
    const items = plugin.receive(source.config, request.body, house.now());
    const added = await this.#store.add(id, items, house.now());
    await this.#store.answered(id, house.now(), {});
    if (added.length > 0) {
      this.#queue ??= defineQueue(queueConnection(house.config), 'news');
      await this.#queue.add('enrich', { kind: 'enrich' }, { jobId: `enrich-hook-${added[0].id}`, priority: 1 });
    }
    return { added: added.length, given: items.length };
  }

  #isSigned(id: string, sealed: Buffer, { headers, rawBody }: RawBodyRequest<FastifyRequest>): boolean {
    const timestamp = headers['x-arbintel-timestamp'];
    const signature = headers['x-arbintel-signature'];
    if (typeof timestamp !== 'string' || typeof signature !== 'string' || rawBody === undefined) return false;
    if (!/^\d{1,16}$/.test(timestamp) || Math.abs(this.house.now() - Number(timestamp)) > SKEW_MS) return false;
    const secret = this.house.vault.open(`news:${id}`, sealed);
    const wanted = createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest();
    const given = Buffer.from(signature.replace(/^sha256=/, ''), 'hex');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}
