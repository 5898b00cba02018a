/** Posts each notice as JSON to an address, with a token. */
export default ({ defineNotifier, Type }) =>
  defineNotifier({
    manifest: {
      id: '__ID__',
      version: '1.0.0',
      title: '__TITLE__',
      summary: 'Posts notices to an address.',
      sdk: '^1.0.0',
      permissions: ['net:example.org', 'secrets'],
    },

    configSchema: Type.Object({
      url: Type.String({
        title: 'Address',
        description: 'Receives { id, at, workflow, sentence } as JSON.',
        default: 'https://example.org/notices',
      }),
      secret: Type.String({
        title: 'Secret',
        description: 'Name of the stored secret that is sent as a bearer token.',
        default: 'token',
      }),
    }),

    async deliver(io, { id, at, workflow, sentence }) {
      const headers = { authorization: `Bearer ${await io.secret(io.config.secret)}` };
      await io.post(io.config.url, { id, at, workflow, sentence }, { headers });
      return `posted to ${new URL(io.config.url).host}`;
    },
  });
