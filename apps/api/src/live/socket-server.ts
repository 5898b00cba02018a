import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Person, Pool } from '#data';
import type { Log } from '#host';
import {
  getOperationAST,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { AuthService } from '../auth/auth.service.js';
import { fromOurPage } from '../auth/origin.js';
import { createContext } from '../graphql/context.js';
import { LIMITS, operationLimits } from '../graphql/limits.js';
import { shownGraphqlError } from '../graphql/shown-error.js';

const MOST_BYTES = 64 * 1024;
const MOST_SOCKETS = 200;
const MOST_OPERATIONS = 50;
const CHECK_EVERY_MS = 30_000;
/** Close codes of graphql-ws: not signed in at the handshake, and signed out since. */
const UNAUTHORISED = 4401;

interface Identity {
  readonly viewer: Person;
  readonly signIn: string;
}
/** Filled at the handshake. */
type SocketExtra = Extra & { identity?: Identity };

export interface SocketServer {
  close(): Promise<void>;
}

/**
 * GraphQL over WebSocket at `/graphql`, for whom the cookie of the handshake names, as long as it holds. Not the server
 * that @nestjs/graphql brings: that one looks at no origin, takes messages of 100 MiB and tells errors as they are.
 */
export function serveSockets(
  server: Server,
  schema: GraphQLSchema,
  auth: AuthService,
  pool: Pool,
  log: Log,
): SocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false });
  const open = new Map<SocketExtra['socket'], string>();

  const handler = useServer<Record<string, never>, { identity: Identity }>(
    {
      schema,
      connectionInitWaitTimeout: 5_000,
      onConnect: async ({ extra }) => {
        const identity = await auth.identify(extra.request.headers);
        if (!identity) return false;
        extra.identity = identity;
        open.set(extra.socket, identity.signIn);
        return true;
      },
      onClose: ({ extra }) => void open.delete(extra.socket),
      onSubscribe: (context, _id, payload) => prepare(schema, pool, context, payload),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors ? { ...result, errors: result.errors.map((error) => shownGraphqlError(error, log)) } : undefined,
      onError: (_context, _id, _payload, errors) => errors.map((error) => shownGraphqlError(error, log)),
    },
    sockets,
  );

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== '/graphql') return refuse(socket, '404 Not Found');
    if (!fromOurPage(request.headers)) return refuse(socket, '403 Forbidden');
    if (sockets.clients.size >= MOST_SOCKETS) return refuse(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request));
  };
  server.on('upgrade', upgrade);

  const closeAll = (signIn: string): void => {
    for (const [socket, own] of open) if (own === signIn) socket.close(UNAUTHORISED, 'Signed out');
  };
  auth.onSignOut(closeAll);
  const checking = setInterval(() => {
    for (const signIn of new Set(open.values())) {
      auth.stillSignedIn(signIn).then(
        (holds) => {
          if (!holds) closeAll(signIn);
        },
        // The database is away: nobody is thrown out for that.
        () => undefined,
      );
    }
  }, CHECK_EVERY_MS);
  checking.unref();

  return {
    close: async () => {
      clearInterval(checking);
      server.off('upgrade', upgrade);
      await handler.dispose();
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

/** Parses, checks and completes an operation. Its errors go back under the operation's id and leave the socket open. */
function prepare(
  schema: GraphQLSchema,
  pool: Pool,
  context: Context<Record<string, never>, SocketExtra>,
  payload: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  const { identity } = context.extra;
  if (!identity) return [new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } })];
  if (Object.keys(context.subscriptions).length > MOST_OPERATIONS)
    return [new GraphQLError(`At most ${MOST_OPERATIONS} operations at a time on one socket.`)];
  let document: DocumentNode;
  try {
    document = parse(payload.query, { maxTokens: 10_000 });
  } catch (error) {
    return [error instanceof GraphQLError ? error : new GraphQLError('The operation cannot be read.')];
  }
  const errors = validate(schema, document, [...specifiedRules, operationLimits(LIMITS)]);
  if (errors.length > 0) return errors;
  if (!getOperationAST(document, payload.operationName)) return [new GraphQLError('Say which operation is meant.')];
  return {
    schema,
    document,
    operationName: payload.operationName,
    variableValues: payload.variables,
    contextValue: createContext(pool, identity.viewer),
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
