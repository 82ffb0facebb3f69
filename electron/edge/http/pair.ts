/** `POST /api/pair`: a phone trades what it scanned or typed for a token of its own. (CONTRACT 3, 6, 7.) */
import { Router } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { readInput } from '../../../protocol/codec.ts';
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import { type PairReply, pairRequest } from '../../../protocol/session.ts';
import type { Commit } from '../../core/commit.ts';
import { replyOf } from '../../core/dispatch.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type PairParts, pair } from '../../core/session/pair.ts';
import type { ReadAddress } from '../client-address.ts';
import { refuse } from './answer.ts';

const windowSeconds = 60;

/** Wrong short codes a minute. */
export interface GuessLimits {
  codeFailuresPerAddress: number;
  codeFailuresInAll: number;
}

export function pairRoutes(
  parts: PairParts & { commit: Commit; readAddress: ReadAddress; limits: GuessLimits },
): Router {
  const { commit, readAddress } = parts;
  const { codeFailuresPerAddress: failuresPerAddress, codeFailuresInAll: failuresInAll } = parts.limits;
  const perAddress = new RateLimiterMemory({ points: failuresPerAddress, duration: windowSeconds });
  const inAll = new RateLimiterMemory({ points: failuresInAll, duration: windowSeconds });
  const everyone = 'everyone';

  /** Seconds until a short code may be tried again; 0 when it may. A right code has to wait too, tokens never. */
  async function waitFor(address: string): Promise<number> {
    const [own, all] = await Promise.all([perAddress.get(address), inAll.get(everyone)]);
    const isSpent = (own?.consumedPoints ?? 0) >= failuresPerAddress || (all?.consumedPoints ?? 0) >= failuresInAll;
    return isSpent ? Math.ceil(Math.max(own?.msBeforeNext ?? 0, all?.msBeforeNext ?? 0) / 1_000) : 0;
  }

  async function countFailure(address: string): Promise<void> {
    const [own] = await Promise.all([perAddress.penalty(address), inAll.penalty(everyone)]);
    if (own.consumedPoints !== failuresPerAddress) return;
    commit(() => ok({ reply: null, log: [{ kind: 'code_guessing', who: 'server', data: { address } }] }));
  }

  const router = Router();
  router.post('/api/pair', async (request, response) => {
    const body = readInput(pairRequest, request.body);
    if (!body.ok) return refuse(request, response, body.error);
    const { address } = readAddress(request);
    const isCode = body.value.code !== undefined;
    const wait = isCode ? await waitFor(address) : 0;
    if (wait > 0) {
      const message = 'Demasiados códigos equivocados. Espere un minuto o escanee el QR.';
      return refuse(request, response, fail('rate_limited', message, { retry_after_s: wait }).error);
    }
    const device = deviceOf(request.headers['user-agent'] ?? '');
    const paired: Result<Outcome<PairReply>> = commit(() => pair(body.value, device, parts));
    const reply = replyOf(paired);
    if (!reply.ok) {
      if (isCode && (reply.error.code === 'not_found' || reply.error.code === 'expired')) await countFailure(address);
      return refuse(request, response, reply.error);
    }
    response.json(reply.value);
  });
  return router;
}

/** What a person calls it, so that desk and visitor know that they mean the same thing. */
function deviceOf(userAgent: string): string {
  if (/iPhone/.test(userAgent)) return 'iPhone';
  if (/iPad/.test(userAgent)) return 'iPad';
  const android = /Android [^;)]*; ([^;)]+?)(?: Build\/[^;)]*)?[;)]/.exec(userAgent)?.[1];
  if (android && android !== 'K' && !/^(wv|Mobile)$/.test(android)) return `Android · ${android.slice(0, 40)}`;
  if (/Android/.test(userAgent)) return 'Android';
  if (/Windows|Macintosh|X11/.test(userAgent)) return 'PC';
  return 'Teléfono';
}
