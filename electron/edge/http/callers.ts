/** Who is asking by HTTP, for the routes that need to know. */
import type { Request, RequestHandler, Response } from 'express';
import { fail, type Result } from '../../../protocol/errors.ts';
import type { Role } from '../../../protocol/user.ts';
import { operator, type Principal } from '../../core/access.ts';
import { bearer } from '../authenticate.ts';
import type { ReadAddress } from '../client-address.ts';
import type { AuthenticateRequest } from '../django-admins.ts';
import { refuse } from './answer.ts';

/** A route's handler with the caller in hand. A promise that rejects is a bug and ends as `internal`. */
type Handle = (request: Request, response: Response, principal: Principal) => Promise<void> | void;

export interface Callers {
  /** The token decides; one of `roles` is needed. */
  only(roles: readonly Role[], handle: Handle): RequestHandler;
  /** Without a token a program on this very machine may too; a browser may not, since any page could make it ask. */
  onlyOrLocal(roles: readonly Role[], handle: Handle): RequestHandler;
}

export function createCallers(authenticate: AuthenticateRequest, readAddress: ReadAddress): Callers {
  function allow(roles: readonly Role[], principal: Result<Principal>): Result<Principal> {
    if (!principal.ok || roles.includes(principal.value.role)) return principal;
    return fail('forbidden', 'Su acceso no permite esto.', { role: principal.value.role });
  }

  function guard(
    roles: readonly Role[],
    find: (request: Request) => Promise<Result<Principal>>,
    handle: Handle,
  ): RequestHandler {
    return async (request, response) => {
      const principal = allow(roles, await find(request));
      if (!principal.ok) return refuse(request, response, principal.error);
      await handle(request, response, principal.value);
    };
  }

  const byToken = (request: Request) => authenticate(bearer(request.headers.authorization), request);
  return {
    only: (roles, handle) => guard(roles, byToken, handle),
    onlyOrLocal: (roles, handle) =>
      guard(
        roles,
        async request => {
          const isTrusted = request.headers.authorization === undefined && isLocalProgram(request, readAddress);
          return isTrusted ? { ok: true, value: operator } : byToken(request);
        },
        handle,
      ),
  };
}

/** Browsers say where a request comes from by `Origin` or `Sec-Fetch-Site`; `none` is an address typed by hand. */
function isLocalProgram(request: Request, readAddress: ReadAddress): boolean {
  const site = request.headers['sec-fetch-site'];
  const isPage = request.headers.origin !== undefined || (site !== undefined && site !== 'none');
  return !isPage && readAddress(request).isLocal;
}
