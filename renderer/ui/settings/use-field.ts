import type { FixedBy, SettingName, SettingsChange } from '../../../protocol/settings.ts';
import { useTexts } from '../texts/use-texts.tsx';
import type { SettingsForm } from './settings-draft.ts';

interface Field<N extends SettingName> {
  /** What was changed, `undefined` where nothing was. */
  changed: SettingsChange[N];
  /** Set where the program was started, so nobody changes it here. */
  isFixed: boolean;
  /** What stands below every field: why it cannot be changed, or what it is for; and what is wrong with it. */
  notes: { description: string | undefined; error: string | undefined };
}

/** One setting as its field on the page shows it. `about` is a sentence on what it is for. */
export function useField<N extends SettingName>(form: SettingsForm, name: N, about?: string): Field<N> {
  const { t, i18n } = useTexts();
  const fixed: FixedBy | undefined = form.settings.fixed[name];
  const waits = form.settings.at_next_start.includes(name);
  const note = fixed
    ? t(`settings.fixed.${fixed === '.env' ? 'dotenv' : fixed}`)
    : waits
      ? t('settings.waits')
      : undefined;
  return {
    changed: form.draft[name],
    isFixed: fixed !== undefined,
    notes: {
      description: [about, note].filter(Boolean).join(' ') || undefined,
      error: form.problems[name]?.[i18n.language === 'en' ? 'en' : 'es'],
    },
  };
}
