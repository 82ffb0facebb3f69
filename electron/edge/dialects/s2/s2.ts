/**
 * S2: rooms and business events for a Django application, over Socket.IO. A peer says who it is by `authenticate`, which
 * Django checks; from then on it has a seat with the rooms of its role. (seeds/s2-rooms-dashboard.md, CONTRACT 5.)
 */
import * as z from 'zod/mini';
import { read } from '../../../../protocol/codec.ts';
import { type Failure, fail, ok, type Result } from '../../../../protocol/errors.ts';
import { events } from '../../../../protocol/events.ts';
import { businessEvents } from '../../../../protocol/requests.ts';
import {
  type Caller,
  type Ears,
  errorOf,
  type Peer,
  type Seat,
  type SocketDialect,
  type Word,
} from '../../socketio/dialect.ts';
import { type Identity, roles, type S2Role } from './identity.ts';

interface Parts {
  /** Whose token it is. */
  identify(token: string): Promise<Result<Identity>>;
}

const id = z
  .union([z.string(), z.number()])
  .check(z.refine(value => /^[^\p{Cc}\s]{1,64}$/u.test(String(value)), 'must be 1 to 64 characters without spaces'));
const credentials = z.object({ token: z.string().check(z.minLength(1)), userId: id, role: z.enum(roles) });
const roomName = z.union([z.string(), z.object({ room: z.string() })]);

export function createS2({ identify }: Parts): SocketDialect {
  return {
    takes: ({ userId }) => userId === null,
    // Nobody is asked for a token in the handshake: `authenticate` brings it.
    greet: () => ok(null),
    open: peer => open(peer, identify),
  };
}

/** What others published, in S2's one shape. */
const word: Word = ({ type, data }) => {
  if (type !== 'published') return null;
  const found = read(events.published, data);
  return found.ok ? { event: 'event', data: found.value } : null;
};

function open(peer: Peer, identify: Parts['identify']): Ears {
  let seat: Seat | null = null;

  /** Claimed and vouched for are compared as texts. */
  async function check(data: unknown): Promise<Result<Caller & { role: S2Role }>> {
    const claimed = read(credentials, data);
    if (!claimed.ok) return claimed;
    const { token, role } = claimed.value;
    const userId = String(claimed.value.userId);
    const identity = await identify(token);
    if (!identity.ok) return identity;
    if (identity.value.userId !== userId) {
      return fail('forbidden', 'El token es de otra persona.', { reason: 'userId', userId });
    }
    if (!identity.value.roles.includes(role)) {
      return fail('forbidden', `El token no permite el papel «${role}».`, { reason: 'role', role });
    }
    const { tokenId } = identity.value;
    return ok({ userId, role, ...(tokenId === undefined ? {} : { tokenId }) });
  }

  async function authenticate(data: unknown): Promise<void> {
    const checked = await check(data);
    if (!checked.ok) return peer.say('auth_error', authError(checked.error));
    seat?.leave();
    seat = peer.sit('s2', checked.value, word);
    const { userId, role } = checked.value;
    peer.say('auth_success', { userId, role, rooms: openRooms(seat) });
  }

  /** Nothing before `auth_success`. */
  function seated(event: string, handle: (seat: Seat, data: unknown) => Promise<Result<unknown>>) {
    return async (data: unknown): Promise<void> => {
      if (!seat) return peer.say('auth_error', authError(first));
      const result = await handle(seat, data);
      if (result.ok) return;
      const said = errorOf(result.error, event);
      peer.say(said.event, said.data);
    };
  }

  const room = (action: 'join' | 'leave', answer: string) => async (from: Seat, data: unknown) => {
    const named = read(roomName, data);
    if (!named.ok) return named;
    const input = typeof named.value === 'string' ? { room: named.value } : named.value;
    const result = await from.ask('rooms', action, input);
    if (result.ok) peer.say(answer, result.value);
    return result;
  };

  const announce = (type: string) => seated(type, (from, data) => from.ask('events', 'announce', { type, data }));

  return {
    hear: {
      authenticate,
      join_room: seated('join_room', room('join', 'room_joined')),
      leave_room: seated('leave_room', room('leave', 'room_left')),
      ...Object.fromEntries(businessEvents.map(type => [type, announce(type)])),
    },
  };
}

const first = fail('unauthorized', 'Primero debe autenticarse con «authenticate».', { reason: 'missing' }).error;

function authError({ code, message, details }: Failure) {
  return { message, code, ...(details === undefined ? {} : { details }) };
}

function openRooms(seat: Seat): string[] {
  return [...seat.rooms].filter(name => !name.startsWith('@'));
}
