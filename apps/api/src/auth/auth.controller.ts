import { UserProblem } from '#core';
import type { Person } from '#data';
import { Body, Controller, Get, HttpCode, Post, Req, Res, UnauthorizedException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { AuthService } from './auth.service.js';

const SignInBody = Type.Object({ name: Type.String({ maxLength: 1000 }), password: Type.String({ maxLength: 1000 }) });
const SetupBody = Type.Object({ token: Type.String({ maxLength: 1000 }), ...SignInBody.properties });
const PasswordBody = Type.Object({
  current: Type.String({ maxLength: 1000 }),
  password: Type.String({ maxLength: 1000 }),
});

/** Checks a body at the rim; the first complaint of each field is enough. */
function checked<T extends typeof SignInBody | typeof SetupBody | typeof PasswordBody>(
  schema: T,
  body: unknown,
): Static<T> {
  if (Value.Check(schema, body)) return body as Static<T>;
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  throw new UserProblem(
    'The request is not complete.',
    Object.keys(schema.properties).flatMap((name) =>
      typeof given[name] === 'string' && given[name].length <= 1000
        ? []
        : [{ path: `/${name}`, message: `${name} must be a text of at most 1000 characters.` }],
    ),
  );
}

@Controller('auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Get('state')
  async state(@Req() request: FastifyRequest): Promise<{ needsSetup: boolean; viewer: Person | null }> {
    const [needsSetup, current] = await Promise.all([
      this.auth.needsSetup(),
      this.auth.signedIn(request.headers.cookie),
    ]);
    return { needsSetup, viewer: current?.viewer ?? null };
  }

  @Post('setup')
  @HttpCode(200)
  async setUp(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Person> {
    const { person, cookie } = await this.auth.setUp(
      checked(SetupBody, body),
      request.ip,
      request.headers['user-agent'] ?? '',
    );
    void reply.header('set-cookie', this.auth.setCookie(cookie, request.protocol === 'https'));
    return personView(person);
  }

  @Post('sign-in')
  @HttpCode(200)
  async signIn(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Person> {
    const { person, cookie } = await this.auth.signIn(
      checked(SignInBody, body),
      request.ip,
      request.headers['user-agent'] ?? '',
    );
    void reply.header('set-cookie', this.auth.setCookie(cookie, request.protocol === 'https'));
    return personView(person);
  }

  @Post('password')
  @HttpCode(200)
  async changePassword(@Body() body: unknown, @Req() request: FastifyRequest): Promise<{ ended: number }> {
    const ended = await this.auth.changePassword(request.headers.cookie, checked(PasswordBody, body), request.ip);
    if (ended === null) throw new UnauthorizedException({ message: 'Sign in first.', fields: [] });
    return { ended };
  }

  @Post('sign-out')
  @HttpCode(200)
  async signOut(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Record<string, never>> {
    await this.auth.signOut(request.headers.cookie);
    void reply.header('set-cookie', this.auth.setCookie('', request.protocol === 'https'));
    return {};
  }
}

/** Only these three leave the server, whatever the row holds. */
const personView = ({ id, name, role }: Person): Person => ({ id, name, role });
