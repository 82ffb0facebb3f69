/** S1 over Socket.IO: its messages are events of the same names; the dialect itself knows no transport. (CONTRACT 5.) */
import { ok } from '../../../protocol/errors.ts';
import type { Role } from '../../../protocol/user.ts';
import { sessionRoom } from '../../core/rooms/rooms.ts';
import { error, verbs } from '../dialects/s1/messages.ts';
import type { S1, S1Connection } from '../dialects/s1/s1.ts';
import type { Caller, Ears, Handshake, Peer, Seat, SocketDialect } from './dialect.ts';

/** Whose token lets them in; from an address in LEGACY_ALLOW nobody needs one. */
const welcomed: readonly Role[] = ['operator', 'integration'];
const nobody: Caller = { role: 'integration', userId: 's1' };

function isWelcome({ caller, isLegacy }: Handshake): boolean {
  return caller === null ? isLegacy : caller.ok && welcomed.includes(caller.value.role);
}

export function socketS1(s1: S1): SocketDialect {
  return {
    takes: ({ userId }) => userId === null,
    // One that is not let in as S1 may still be S2, which says later who it is.
    greet: () => ok(null),
    open: peer => (isWelcome(peer.handshake) ? open(peer, s1) : closedTo(peer)),
  };
}

function open(peer: Peer, s1: S1): Ears {
  const { caller } = peer.handshake;
  let seat: Seat | null = null;
  // It hears what it needs from its sessions' rooms, and words it by itself: what it says depends on what it has said.
  const listening = (): Seat => {
    seat ??= peer.sit('s1', caller?.ok ? caller.value : nobody, word, []);
    return seat;
  };
  const connection: S1Connection = s1.open({
    send: message => peer.say(message.type, message),
    listen: sessionId => listening().enter(sessionRoom(sessionId)),
    unlisten: sessionId => seat?.exit(sessionRoom(sessionId)),
  });
  const word = ({ type, data }: { type: string; data: unknown }) => {
    const session = type === 'session_updated' ? sessionIdOf(data) : null;
    if (session !== null) connection.hear(session);
    return null;
  };
  connection.welcome();
  return {
    hear: Object.fromEntries(
      verbs.map(verb => [
        verb,
        (input: unknown) => {
          listening();
          connection.receive(verb, input);
        },
      ]),
    ),
    closed: () => connection.close(),
  };
}

/** Knows the verbs, and says why it does nothing about them. */
function closedTo(peer: Peer): Ears {
  const { caller } = peer.handshake;
  const why = caller && !caller.ok ? caller.error.message : 'Desde esta dirección hace falta un token de integración.';
  const message = error(why);
  return { hear: Object.fromEntries(verbs.map(verb => [verb, () => peer.say(message.type, message)])) };
}

function sessionIdOf(data: unknown): string | null {
  const session = typeof data === 'object' && data !== null && 'session' in data ? data.session : null;
  return typeof session === 'object' && session !== null && 'id' in session && typeof session.id === 'string'
    ? session.id
    : null;
}
