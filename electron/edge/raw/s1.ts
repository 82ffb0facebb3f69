/** S1's raw JSON form on one socket. */
import type { WebSocket } from 'ws';
import { readJson } from '../../../protocol/codec.ts';
import { closeCode } from '../../../protocol/envelope.ts';
import { fail } from '../../../protocol/errors.ts';
import type { Log } from '../../core/ports.ts';
import { sessionRoom } from '../../core/rooms/rooms.ts';
import { createAllowance } from '../allowance.ts';
import { boundedSend } from '../bounded-send.ts';
import type { About, Connection, Connections } from '../connections.ts';
import { error } from '../dialects/s1/messages.ts';
import type { S1 } from '../dialects/s1/s1.ts';
import type { Receive } from '../native/connection.ts';
import { s1Encode } from '../s1-sessions.ts';

interface Parts {
  connections: Connections;
  s1: S1;
  log: Log;
  maxMessageBytes: number;
}

const maxBacklog = 4 * 1024 * 1024;
const perSecond = 20;
const burst = 40;
const maxRefused = 2_000;

/** `rooms` are those that it is in whatever it asks (its token's). Gives back where its messages go. */
export function openRawS1(
  socket: WebSocket,
  rooms: Iterable<string>,
  about: About,
  { connections, s1, log, maxMessageBytes }: Parts,
): Receive {
  const send = boundedSend(socket, maxBacklog, log);
  const allowance = createAllowance(perSecond, burst);
  let refused = 0;
  const say = (message: unknown) => send(JSON.stringify(message));
  const s1Connection = s1.open({
    send: say,
    listen: id => connections.join(connection, sessionRoom(id)),
    unlisten: id => connections.leave(connection, sessionRoom(id)),
  });
  const connection: Connection = {
    about: { ...about, protocol: 's1' },
    view: 'staff',
    encode: s1Encode(s1Connection),
    rooms: new Set(rooms),
    send,
    revoke() {
      say(error('El token ya no es válido.'));
      socket.close(closeCode.unauthorized, 'unauthorized');
    },
  };
  connections.add(connection);
  socket.once('close', () => {
    connections.remove(connection);
    s1Connection.close();
  });
  s1Connection.welcome();

  return (data, isBinary) => {
    if (!allowance.take(performance.now())) {
      refused += 1;
      if (refused > maxRefused) return socket.close(closeCode.flooding, 'too many messages');
      return say(error('Demasiados mensajes por segundo; espere un momento.'));
    }
    if (data.length > maxMessageBytes) return say(error('El mensaje es demasiado grande.'));
    const json = isBinary ? binary : readJson(data.toString());
    if (!json.ok) return say(error(json.error.message));
    const { value } = json;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) return say(error('Se espera un objeto JSON con «type».'));
    s1Connection.receive('type' in value ? value.type : undefined, value);
  };
}

const binary = fail('invalid_message', 'Los mensajes van como texto, no como datos binarios.');
