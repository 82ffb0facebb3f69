/** Tokens made, listed and revoked for whoever sits at the terminal. What a program reads goes to standard output alone. */
import type { Store } from '../core/ports.ts';
import type { Say } from './command.ts';
import { issueToken, type Wish } from './token.ts';

export async function issue(wanted: Wish, store: Store, secretKey: string, say: Say): Promise<number> {
  const { token, id, expiresAt } = await issueToken(wanted, { tokens: store.tokens, secretKey, now: Date.now() });
  const until = date(expiresAt);
  process.stderr.write(
    `${say(`ID ${id}, válido hasta ${until}. No se guarda: cópielo ahora.`, `ID ${id}, valid until ${until}. It is not kept: copy it now.`)}\n`,
  );
  process.stdout.write(`${token}\n`);
  return 0;
}

export function list(store: Store, say: Say): number {
  const rows = store.tokens.list().map(({ id, sub, role, issuedAt, expiresAt, revokedAt }) => {
    const state =
      revokedAt !== null
        ? say('revocado', 'revoked')
        : expiresAt <= Date.now()
          ? say('vencido', 'expired')
          : say('válido', 'valid');
    return [id, role, date(issuedAt), date(expiresAt), state, sub];
  });
  if (rows.length === 0) process.stderr.write(`${say('No hay tokens.', 'There are no tokens.')}\n`);
  for (const row of rows) process.stdout.write(`${row.join('\t')}\n`);
  return 0;
}

export function revoke(id: string, store: Store, say: Say): number {
  if (!store.tokens.get(id)) {
    process.stderr.write(`${say(`No hay ningún token con el ID ${id}.`, `There is no token with the ID ${id}.`)}\n`);
    return 1;
  }
  store.tokens.revoke(id, Date.now());
  process.stderr.write(`${say(`El token ${id} ya no abre nada.`, `The token ${id} opens nothing any more.`)}\n`);
  return 0;
}

function date(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
