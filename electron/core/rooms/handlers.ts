import { fail, ok } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { anyone } from '../access.ts';
import { type Context, reads } from '../action.ts';
import { isOpen, mayJoin } from './rooms.ts';

const noConnection = () => fail('invalid_message', 'Las salas son para conexiones WebSocket.');

/** Being in a room lasts as long as the connection: nothing is written. */
export function roomHandlers() {
  return {
    list: reads(requests.rooms.list, anyone, ({ connection }) => {
      if (!connection) return noConnection();
      return ok({ reply: { rooms: [...connection.rooms].filter(isOpen) } });
    }),
    join: reads(requests.rooms.join, anyone, ({ principal, connection }, { room }) => {
      if (!connection) return noConnection();
      if (!mayJoin(principal, room)) return fail('forbidden', 'Su acceso no permite entrar en esa sala.', { room });
      connection.join(room);
      return ok({ reply: { room } });
    }),
    leave: reads(requests.rooms.leave, anyone, ({ connection }: Context, { room }) => {
      if (!connection) return noConnection();
      if (isOpen(room)) connection.leave(room);
      return ok({ reply: { room } });
    }),
  };
}
