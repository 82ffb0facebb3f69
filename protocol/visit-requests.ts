/**
 * The requests that a phone's page makes, and those of the same resources: its page carries no others. They are part of the table in
 * `requests.ts`. (CONTRACT 4, table.)
 */
import * as z from 'zod/mini';
import { content, message, messageInput, messagePage } from './chat.ts';
import { consentVersion } from './consent.ts';
import { photo, photoPage } from './photo.ts';
import { id, idPersona, limit, line } from './primitives.ts';
import { session, sessionInput } from './session.ts';

export const nothing = z.object({});
const oneSession = z.object({ session_id: id });
/** As with every other id, what no photo has is not found, in whatever shape it comes. Kept in lower case. */
const photoId = id.check(z.toLowerCase());
const onePhoto = z.object({ photo_id: photoId });
const sessionReply = z.object({ session });
export const oneConversation = z.object({ conversation_id: id });
const oneMessage = z.object({ message_id: id });
const messageReply = z.object({ message });
const photoReply = z.object({ photo });
/** Where the page before ended: its `next`. */
const earlier = z.optional(z.string().check(z.regex(/^\d{1,15}$/, 'debe ser el «next» de una página anterior')));
const seq = z.int().check(z.minimum(0));

export const visitRequests = {
  sessions: {
    create: { input: sessionInput, reply: sessionReply },
    list: { input: nothing, reply: z.object({ sessions: z.array(session) }) },
    get: { input: oneSession, reply: sessionReply },
    /** Revokes the phone, if there is one, and shows a new QR. */
    renew: { input: oneSession, reply: sessionReply },
    /** Corrects whom the session is about; its photos move along. */
    assign: { input: z.object({ session_id: id, idPersona }), reply: sessionReply },
    end: { input: oneSession, reply: sessionReply },
    /** The visitor agreed to these words. Said again it is the same consent. */
    consent: { input: z.object({ session_id: id, version: consentVersion }), reply: sessionReply },
  },
  photos: {
    list: {
      input: z.object({
        idPersona: z.optional(idPersona),
        session_id: z.optional(id),
        before: earlier,
        limit: z.optional(limit),
      }),
      reply: photoPage,
    },
    get: { input: onePhoto, reply: photoReply },
    review: {
      input: z.object({ photo_id: photoId, verdict: z.enum(['accepted', 'rejected']), reason: z.optional(line) }),
      reply: photoReply,
    },
    delete: { input: onePhoto, reply: onePhoto },
    /** Takes a deletion back, within 10 s. */
    restore: { input: onePhoto, reply: photoReply },
    /** Somebody looked at it large: a line for the log, one a minute for each photo and viewer. */
    viewed: { input: onePhoto, reply: onePhoto },
    move: { input: z.object({ photo_id: photoId, idPersona }), reply: photoReply },
  },
  messages: {
    get_all: {
      input: z.object({
        conversation_id: id,
        before: earlier,
        limit: z.optional(limit),
      }),
      reply: messagePage,
    },
    get: { input: oneMessage, reply: messageReply },
    create: { input: z.object({ message: messageInput }), reply: messageReply },
    update: { input: z.object({ message_id: id, content }), reply: messageReply },
    delete: { input: oneMessage, reply: oneMessage },
    mark_delivered: { input: oneMessage, reply: messageReply },
    mark_read: { input: oneMessage, reply: messageReply },
    /** Told to the other members and kept nowhere. Whoever goes on writing says it again every few seconds; there is no word for stopping. */
    typing: { input: oneConversation, reply: oneConversation },
  },
  events: {
    /** Replays what came after `after`, up to the `head` of this connection's `connected`. */
    resume: {
      input: z.object({ after: seq }),
      reply: z.object({ from: seq, to: seq, count: seq, complete: z.boolean() }),
    },
  },
} as const;
