import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { UserProblem } from '#core';
import { Controller, Get, NotFoundException, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { viewerOf } from '../auth/viewer.js';
import { StorageTaskService } from './storage-task.service.js';
import type { StorageTask } from './storage-task.types.js';

/** Files of exports and imports: too large for an operation of GraphQL. Who asks has passed the gate. */
@Controller()
export class TransferController {
  constructor(private readonly tasks: StorageTaskService) {}

  @Get('exports/:id')
  async download(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const file = await this.tasks.download(viewerOf(request), id);
    if (!file) throw new NotFoundException();
    void reply.header('cache-control', 'no-store');
    return new StreamableFile(createReadStream(file.path), {
      type: 'application/octet-stream',
      disposition: `attachment; filename="${file.name}"`,
      length: file.bytes,
    });
  }

  /** The file is the body, as it is. */
  @Post('imports')
  upload(
    @Req() request: FastifyRequest,
    @Query('name') name = '',
    @Query('lane') lane = '',
    @Query('venue') venue = '',
  ): Promise<StorageTask> {
    const body = request.body as Readable | undefined;
    if (typeof body?.pipe !== 'function') throw new UserProblem('Send the file itself, as application/octet-stream.');
    if (lane !== '' && !/^\d{1,9}$/.test(lane))
      throw new UserProblem('The lane is a whole number.', [{ path: '/lane', message: 'a whole number' }]);
    const upload = { name: name.slice(0, 200), lane: lane === '' ? null : Number(lane), venue: venue || null };
    return this.tasks.import(viewerOf(request), upload, body);
  }
}
