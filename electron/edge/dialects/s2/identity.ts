/** Who somebody is by Django's profile or by a token of ours, and which roles that lets them claim. (CONTRACT 5, S2.) */
import { fail, ok, type Result } from '../../../../protocol/errors.ts';

export const roles = ['cliente', 'proveedor', 'admin', 'operator'] as const;
export type S2Role = (typeof roles)[number];

export interface Identity {
  userId: string;
  /** In words that may be none of ours: then nothing that a client claims fits. */
  roles: readonly string[];
  /** Of a token of ours that can be revoked. */
  tokenId?: string;
}

const idFields = ['id', 'user_id', 'pk', 'uuid', 'username'];
const roleFields = ['role', 'rol', 'tipo', 'user_type'];
/** Believed of one whose profile names no role; admin never is. */
const believed: readonly S2Role[] = ['cliente', 'proveedor'];

export function identityOfProfile(profile: unknown): Result<Identity> {
  const fields = new Map<string, unknown>(
    typeof profile === 'object' && profile !== null ? Object.entries(profile) : [],
  );
  const userId = first(fields, idFields);
  if (userId === null) {
    const message = 'El perfil de Django no dice quién es: le falta el identificador.';
    return fail('unavailable', message, { reason: 'django', expected: idFields });
  }
  const role = first(fields, roleFields)?.toLowerCase() ?? null;
  const isStaff = fields.get('is_staff') === true;
  return ok({ userId, roles: [...(role === null ? believed : [role]), ...(isStaff ? ['admin'] : [])] });
}

/** Without Django: a token of ours, where `user` is the role of a token that names none. */
export function identityOfCaller(caller: { userId: string; role: string; tokenId?: string }): Identity {
  const { role, ...rest } = caller;
  return { ...rest, roles: role === 'user' ? believed : [role] };
}

function first(fields: ReadonlyMap<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const found = fields.get(name);
    if (typeof found === 'number' || (typeof found === 'string' && found.trim() !== '')) return String(found).trim();
  }
  return null;
}
