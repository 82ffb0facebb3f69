import type { User, UserRole } from '../../../protocol/user.ts';

export interface UserRow {
  id: string;
  /** `null`: nobody has given one. */
  name: string | null;
  role: UserRole;
  createdAt: number;
}

export function toUser({ id, name, role, createdAt }: UserRow, online: boolean): User {
  return { id, name: name ?? id, role, online, created_at: new Date(createdAt).toISOString() };
}
