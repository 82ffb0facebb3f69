/**
 * S2: rooms and business events for a Django application, over Socket.IO. A peer says who it is by `authenticate`, which
 * Django checks; from then on it has a seat with the rooms of its role. (seeds/s2-rooms-dashboard.md, CONTRACT 5.)
 */
import { read } from '../../../../protocol/codec.ts';
import { fail, ok, type Result } from '../../../../protocol/errors.ts';
import { businessEvents, requests } from '../../../../protocol/requests.ts';
import {
  type Caller,
  type Ears,
  errorOf,
  type Peer,
  type Seat,
  type SocketDialect,
  type Word,
} from '../../socketio/dialect.ts';
import type { Identity, S2Role } from './identity.ts';
import { hears, type S2Said, says } from './wire.ts';

interface Parts {
  /** Whose token it is. */
  identify(token: string): Promise<Result<Identity>>;
}

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
  const found = read(says.event, data);
  return found.ok ? { event: 'event', data: found.value } : null;
};

function open(peer: Peer, identify: Parts['identify']): Ears {
  let seat: Seat | null = null;
  const say = ({ event, data }: S2Said) => peer.say(event, data);

  /** Claimed and vouched for are compared as texts. */
  async function check(data: unknown): Promise<Result<Caller & { role: S2Role }>> {
    const claimed = read(hears.authenticate, data);
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
    let checked = await check(data);
    if (checked.ok) {
      await peer.keep(checked.value);
      // Its token may have been revoked meanwhile.
      checked = await check(data);
    }
    if (!checked.ok) return say({ event: 'auth_error', data: checked.error });
    seat?.leave();
    seat = peer.sit('s2', checked.value, word);
    const { userId, role } = checked.value;
    say({ event: 'auth_success', data: { userId, role, rooms: openRooms(seat) } });
  }

  /** Nothing before `auth_success`. */
  function seated(event: string, handle: (seat: Seat, data: unknown) => Promise<Result<unknown>>) {
    return async (data: unknown): Promise<void> => {
      if (!seat) return say({ event: 'auth_error', data: first });
      const result = await handle(seat, data);
      if (!result.ok) say(errorOf(result.error, event));
    };
  }

  const room = (action: 'join' | 'leave', answer: 'room_joined' | 'room_left') => async (from: Seat, data: unknown) => {
    const named = read(hears[`${action}_room`], data);
    if (!named.ok) return named;
    const input = typeof named.value === 'string' ? { room: named.value } : named.value;
    const asked = await from.ask('rooms', action, input);
    const reply = asked.ok ? read(requests.rooms[action].reply, asked.value) : asked;
    if (reply.ok) say({ event: answer, data: reply.value });
    return reply;
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

function openRooms(seat: Seat): string[] {
  return [...seat.rooms].filter(name => !name.startsWith('@'));
}
