/** S2's events both ways, as they are read, written and described. */
import * as z from 'zod/mini';
import { failure } from '../../../../protocol/envelope.ts';
import { events } from '../../../../protocol/events.ts';
import { requests } from '../../../../protocol/requests.ts';
import { errorSaid, type Saying } from '../../socketio/dialect.ts';
import { roles } from './identity.ts';

const id = z
  .union([z.string(), z.number()])
  .check(
    z.refine(value => /^[^\p{Cc}\s]{1,64}$/u.test(String(value)), 'debe tener de 1 a 64 caracteres, sin espacios'),
  );
const role = z.enum(roles);
const roomName = z.union([z.string(), z.object({ room: z.string() })]);
/** What a business event is about; whom it names decides who hears it. */
const about = requests.events.announce.input.shape.data;

/** What a client says. */
export const hears = {
  authenticate: z.object({ token: z.string().check(z.minLength(1)), userId: id, role }),
  join_room: roomName,
  leave_room: roomName,
  reservation_created: about,
  reservation_accepted: about,
  payment_created: about,
  comment_created: about,
} as const;

/** What the server says. */
export const says = {
  auth_success: z.object({ userId: z.string(), role, rooms: z.array(z.string()) }),
  auth_error: failure,
  room_joined: requests.rooms.join.reply,
  room_left: requests.rooms.leave.reply,
  event: events.published,
  error: errorSaid,
} as const;

export type S2Said = Saying<typeof says>;
