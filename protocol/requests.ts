/**
 * Every request of the native protocol: resource, action, what it takes and what it answers. (CONTRACT 4, table.)
 * This table is the one place for them: it types the SDK, validates on the server and documents the protocol.
 */
import * as z from 'zod/mini';
import { activity, activityKind } from './activity.ts';
import { conversation, conversationInput } from './chat.ts';
import * as dashboard from './dashboard.ts';
import { display } from './display.ts';
import { networkStatus, wifiReply } from './network.ts';
import { peoplePage, personDeleted } from './people.ts';
import { id, idPersona, limit, line, timestamp } from './primitives.ts';
import { settings, settingsChange } from './settings.ts';
import { newUser, user, userChange, userId } from './user.ts';
import { nothing, oneConversation, visitRequests } from './visit-requests.ts';

const conversationReply = z.object({ conversation });
const oneUser = z.object({ user_id: userId });
const userReply = z.object({ user });
/** Asked for where a PIN is set. */
const pin = z.string().check(z.maxLength(64));
const settingsReply = z.object({ settings });
const activityId = z.string().check(z.regex(/^\d{1,15}$/, 'debe ser el id de una línea del registro'));

/** The name of an event that is none of ours. */
const eventType = z
  .string()
  .check(z.regex(/^[A-Za-z][\w.:-]{0,63}$/, 'debe ser un nombre de 1 a 64 letras, cifras, . : _ -'));
const published = z.object({ type: z.string(), timestamp });
/** What S2's clients tell each other about: its own names. */
export const businessEvents = [
  'reservation_created',
  'reservation_accepted',
  'payment_created',
  'comment_created',
] as const;

export const requests = {
  ...visitRequests,
  people: {
    /** Last active first. `query`: a part of the idPersona, in any case. */
    list: {
      input: z.object({
        query: z.optional(z.string().check(z.trim(), z.maxLength(64))),
        before: z.optional(z.string().check(z.maxLength(100))),
        limit: z.optional(limit),
      }),
      reply: peoplePage,
    },
    /** Everything of the person, for good. */
    delete: { input: z.object({ idPersona }), reply: personDeleted },
  },
  conversations: {
    /** The caller's own, the one last written in first; the 200 newest of them. */
    get_all: {
      input: z.object({ user_id: id }),
      reply: z.object({ conversations: z.array(conversation) }),
    },
    get: { input: oneConversation, reply: conversationReply },
    /** Two users have one direct conversation: asked for again it is the same one. */
    create: { input: conversationInput, reply: conversationReply },
    update: { input: z.object({ conversation_id: id, title: line }), reply: conversationReply },
    /** For all its members, with its messages. */
    delete: { input: oneConversation, reply: oneConversation },
    join: { input: oneConversation, reply: conversationReply },
    leave: { input: oneConversation, reply: oneConversation },
  },
  users: {
    get_all: { input: nothing, reply: z.object({ users: z.array(user) }) },
    get: { input: oneUser, reply: userReply },
    /** Without `user_id` or `id` the server makes one. */
    create: { input: newUser, reply: userReply },
    update: { input: userChange, reply: userReply },
    delete: { input: oneUser, reply: oneUser },
  },
  events: {
    ...visitRequests.events,
    /** To everybody in `room`; without one, to every native connection but phones. */
    publish: {
      input: z.object({ type: eventType, data: z.optional(z.unknown()), room: z.optional(line) }),
      reply: published,
    },
    /** To the people, the service and the location that `data` names, and to those who look after all. (CONTRACT 5, S2.) */
    announce: {
      input: z.object({ type: z.enum(businessEvents), data: z.record(z.string(), z.unknown()) }),
      reply: published,
    },
  },
  dashboard: {
    summary: { input: nothing, reply: dashboard.summary },
    clients: { input: nothing, reply: z.object({ clients: z.array(dashboard.client) }) },
    rooms: { input: nothing, reply: z.object({ rooms: z.array(dashboard.room) }) },
    /** The newest 200, newest first. */
    events: {
      input: nothing,
      reply: z.object({ events: z.array(dashboard.seenEvent), events_per_minute: z.int() }),
    },
    stats: { input: nothing, reply: dashboard.stats },
    api_status: { input: nothing, reply: dashboard.apiStatus },
    /** What the page draws: today's figures, and the charts and the funnel of a span. */
    overview: { input: z.object({ span: z._default(dashboard.span, '15m') }), reply: dashboard.overview },
    cleanup: { input: nothing, reply: dashboard.cleaned },
  },
  network: {
    /** Asks the server on each of its own addresses first, for 2 s at most. */
    status: { input: nothing, reply: networkStatus },
    /** Takes another interface (its name, or one of its addresses) into the QR at once, and keeps it; `null`: the best one. */
    choose: { input: z.object({ interface: z.nullable(line) }), reply: networkStatus },
    /** What joins the Wi-Fi, to be drawn as a QR. */
    wifi: { input: nothing, reply: wifiReply },
  },
  /** The visitor's screen. */
  display: {
    /** Shows a session there; `null`: the welcome. */
    show: { input: z.object({ session_id: z.nullable(id) }), reply: z.object({ session_id: z.nullable(id) }) },
    get: { input: nothing, reply: display },
  },
  rooms: {
    list: { input: nothing, reply: z.object({ rooms: z.array(z.string()) }) },
    join: { input: z.object({ room: line }), reply: z.object({ room: z.string() }) },
    leave: { input: z.object({ room: line }), reply: z.object({ room: z.string() }) },
  },
  settings: {
    get: { input: nothing, reply: settingsReply },
    /** All of it or nothing; what is wrong with a field stands in `details.fields`. */
    update: { input: z.object({ settings: settingsChange, pin: z.optional(pin) }), reply: settingsReply },
    /** Refused as `forbidden` where it is the wrong one. */
    check_pin: { input: z.object({ pin }), reply: nothing },
  },
  activity: {
    /** The newest `limit` (100), those after that id, or the newest before that id; always oldest first. */
    list: {
      input: z.object({
        after: z.optional(activityId),
        /** Not together with `after`. */
        before: z.optional(activityId),
        limit: z.optional(limit),
        kinds: z.optional(z.array(activityKind)),
      }),
      reply: z.object({ activity: z.array(activity) }),
    },
  },
} as const satisfies Record<string, Record<string, { input: z.ZodMiniType; reply: z.ZodMiniType }>>;

type Table = typeof requests;
export type Resource = keyof Table;
export type Action<R extends Resource> = keyof Table[R] & string;
type Spec<R extends Resource, A extends Action<R>> = Table[R][A] extends { input: z.ZodMiniType; reply: z.ZodMiniType }
  ? Table[R][A]
  : never;
/** What a caller may write (before defaults and trimming). */
export type Input<R extends Resource, A extends Action<R>> = z.input<Spec<R, A>['input']>;
export type Reply<R extends Resource, A extends Action<R>> = z.output<Spec<R, A>['reply']>;
