/** The settings page: seeing them, changing them, and the PIN that may stand before that. */
import { fail, ok, type Result } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/requests.ts';
import { supervisors } from '../access.ts';
import { elsewhere, reads } from '../action.ts';
import type { Clock } from '../ports.ts';
import { createQuota } from '../quota.ts';
import { changeSettings, type KeptSettings } from './change.ts';

interface Parts {
  settings: KeptSettings;
  clock: Clock;
}

/** Wrong PINs in any minute, of everybody together; past them the right one is refused too. */
const wrongAMinute = 5;
const everybody = 'everybody';

export function settingsHandlers({ settings, clock }: Parts) {
  const wrong = createQuota(clock, wrongAMinute);

  /** Counted before it is compared, so that many at once do not slip through. */
  async function admit(pin: string | undefined): Promise<Result<void>> {
    if (!settings.hasPin()) return ok(undefined);
    if (pin === undefined) {
      return fail('forbidden', 'Los ajustes tienen un PIN: escríbalo para cambiarlos.', { reason: 'pin_needed' });
    }
    const seconds = wrong.take(everybody);
    if (seconds !== null) {
      const message = `Demasiados intentos con el PIN; espere ${seconds} segundos.`;
      return fail('rate_limited', message, { retry_after_s: seconds });
    }
    if (!(await settings.isPin(pin))) return fail('forbidden', 'Ese PIN no es correcto.', { reason: 'wrong_pin' });
    wrong.giveBack(everybody);
    return ok(undefined);
  }

  return {
    get: reads(requests.settings.get, supervisors, () => ok({ reply: { settings: settings.view() } })),

    check_pin: elsewhere(requests.settings.check_pin, supervisors, async (_context, { pin }) => {
      const admitted = await admit(pin);
      return admitted.ok ? ok({ reply: {} }) : admitted;
    }),

    update: elsewhere(requests.settings.update, supervisors, async ({ principal }, { settings: change, pin }) => {
      const admitted = await admit(pin);
      if (!admitted.ok) return admitted;
      const changed = await changeSettings(change, principal.userId, { settings, clock });
      if (!changed.ok) {
        return fail('invalid_message', 'Revise los ajustes señalados.', { fields: changed.problems });
      }
      return ok({ reply: { settings: settings.view() }, ...changed.told });
    }),
  };
}
