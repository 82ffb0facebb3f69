/** Whoever has a name of their own on some protocol; a visitor's phone is none of them. (CONTRACT 4 "Shapes".) */
import * as z from 'zod/mini';
import { id, line, timestamp } from './primitives.ts';

export const userRole = z.enum(['operator', 'admin', 'integration', 'cliente', 'proveedor', 'user']);
export type UserRole = z.infer<typeof userRole>;

export const role = z.enum([...userRole.options, 'phone']);
export type Role = z.infer<typeof role>;

/** 1 to 64 characters, without control characters and without spaces at either end. */
export const userId = id.check(
  z.regex(/^(?!\s|[\s\S]*\s$)\P{Cc}*$/u, 'debe ser un id de usuario sin espacios alrededor'),
);

export const user = z.object({
  id,
  /** The id, where nobody has given a name. */
  name: z.string(),
  role: userRole,
  /** Connected at this moment, on whichever protocol. */
  online: z.boolean(),
  created_at: timestamp,
});
export type User = z.infer<typeof user>;

export const newUser = z.object({
  user_id: z.optional(userId),
  /** The same, as a user is written everywhere else; `user_id` counts where both are there. */
  id: z.optional(userId),
  name: line,
  role: z.optional(userRole),
});
export const userChange = z.object({ user_id: userId, name: z.optional(line), role: z.optional(userRole) });
