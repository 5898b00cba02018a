/** Sign-in goes over plain REST, because a cookie is set by an answer and not by a socket. */
export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

export interface AuthState {
  readonly needsSetup: boolean;
  readonly viewer: Viewer | null;
}

/** What a person can put right: a sentence, and one more per field. Same shape as GraphQL's `Problem`. */
export interface Problem {
  readonly message: string;
  readonly fields: readonly { readonly path: string; readonly message: string }[];
}

export type Answer<T> = { readonly ok: T } | { readonly problem: Problem };

const problem = (message: string): { readonly problem: Problem } => ({ problem: { message, fields: [] } });

async function call(path: string, body?: unknown): Promise<Answer<unknown>> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: body === undefined ? 'GET' : 'POST',
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    return problem('The server does not answer. Is it running?');
  }
  const text = await response.text();
  const answer: unknown = parse(text);
  if (response.ok) return { ok: answer };
  if (typeof answer === 'object' && answer !== null && 'message' in answer) {
    const { message, fields } = answer as Partial<Problem>;
    return { problem: { message: String(message), fields: Array.isArray(fields) ? fields : [] } };
  }
  return problem(`The server answered with ${response.status}. Try again; if it says so again, its log tells why.`);
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

export const authState = (): Promise<Answer<AuthState>> => call('/auth/state') as Promise<Answer<AuthState>>;
export const signIn = (name: string, password: string): Promise<Answer<unknown>> =>
  call('/auth/sign-in', { name, password });
export const setUp = (token: string, name: string, password: string): Promise<Answer<unknown>> =>
  call('/auth/setup', { token, name, password });
export const changePassword = (current: string, password: string): Promise<Answer<{ readonly ended: number }>> =>
  call('/auth/password', { current, password }) as Promise<Answer<{ readonly ended: number }>>;
export const signOut = (): Promise<Answer<unknown>> => call('/auth/sign-out', {});
