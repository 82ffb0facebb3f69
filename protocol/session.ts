/** A session: one visitor's phone paired with the desk, bound to one idPersona. (CONTRACT 4 "Shapes", 6.) */
import * as z from 'zod/mini';
import { consent } from './consent.ts';
import { id, idPersona, line, timestamp } from './primitives.ts';

export const sessionStatus = z.enum(['pending', 'qr_ready', 'authenticated', 'disconnected']);
export type SessionStatus = z.infer<typeof sessionStatus>;

/** The photos that the desk asks for, in order, by name: "DNI anverso", "DNI reverso", "Rostro". */
const shots = z.array(line).check(z.maxLength(12));

/** What a phone can scan or type now. `expires_at` is when the next one replaces it on the screen. */
const qr = z.object({
  url: z.string(),
  expires_at: timestamp,
  /** Six characters without 0 O 1 I L, to be shown as `K7M-9Q2`. */
  code: z.string(),
  code_expires_at: timestamp,
});
export type Qr = z.infer<typeof qr>;

export const session = z.object({
  id,
  /** `null` until the desk assigns one. A phone sees it masked: `…456`. */
  idPersona: z.nullable(z.string()),
  label: z.nullable(z.string()),
  status: sessionStatus,
  /** The same on the desk and on the phone, so that both people see that they are talking to each other. */
  emoji: z.string(),
  /** `#rrggbb`. */
  color: z.string(),
  shots,
  conversation_id: z.nullable(id),
  /** Only while the session waits for a phone, and never sent to one. */
  qr: z.nullable(qr),
  created_at: timestamp,
  phone: z.object({ connected: z.boolean(), device: z.nullable(z.string()) }),
  /** Not there until the visitor has agreed. */
  consent: z.optional(consent),
});
export type Session = z.infer<typeof session>;

/** Body of `POST /api/pair`: exactly one of `token` (scanned) and `code` (typed), and a random `claim` of the phone's own making. */
export const pairRequest = z
  .object({
    token: z.optional(z.string().check(z.minLength(1), z.maxLength(128))),
    code: z.optional(z.string().check(z.minLength(1), z.maxLength(32))),
    // How much chance is in it is the sender's to choose: it keeps others from the sender's own answer, for a minute.
    claim: z.string().check(z.minLength(1), z.maxLength(128)),
  })
  .check(
    z.refine(
      body => (body.token === undefined) !== (body.code === undefined),
      'hace falta token o code, uno de los dos',
    ),
  );
export type PairRequest = z.infer<typeof pairRequest>;

export const pairReply = z.object({ session, phone_token: z.string() });
export type PairReply = z.infer<typeof pairReply>;

export const sessionInput = z.object({
  idPersona: z.optional(idPersona),
  label: z.optional(line),
  shots: z.optional(shots),
});
