import { UserProblem } from '#core';
import { defineNotifier } from '#plugin-sdk';
import { Type } from 'typebox';
import { signatureOf } from './webhook.sign.js';

/** Posts each notice as JSON to an address, signed, so that who receives it knows that it came from here and when. */
export const webhook = defineNotifier({
  manifest: {
    id: 'webhook',
    version: '1.0.0',
    title: 'Webhook',
    summary: 'Posts each notice to an address, signed with a secret both sides know.',
    sdk: '^1.0.0',
    permissions: ['net:*', 'secrets'],
  },

  configSchema: Type.Object({
    url: Type.String({
      title: 'Address',
      description: 'Where notices are posted, http or https. Any answer from 200 to 299 counts as received.',
      pattern: '^(https?://[^\\s]+)?$',
      maxLength: 2000,
      default: '',
    }),
    secret: Type.String({
      title: 'Secret',
      description: 'Name of the stored secret that requests are signed with. Without a name they are not signed.',
      pattern: '^([a-z0-9][a-z0-9-]*)?$',
      maxLength: 64,
      default: '',
    }),
    entry: Type.Boolean({
      title: 'Whole entry',
      description: 'Send the journal entry itself beside the sentence about it.',
      default: true,
    }),
  }),

  async deliver(io, { id, at, workflow, sentence, entry }) {
    const { url, secret } = io.config;
    if (url === '') throw new UserProblem('This webhook has no address yet.', [{ path: '/url', message: 'missing' }]);
    const body = JSON.stringify({ id, at, workflow, sentence, ...(io.config.entry ? { entry } : {}) });
    const now = io.now();
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'idempotency-key': id,
      'arbintel-timestamp': String(now),
    };
    if (secret !== '') headers['arbintel-signature'] = signatureOf(await io.secret(secret), now, id, body);
    await io.post(url, body, { headers });
    return `received by ${new URL(url).host}`;
  },
});
