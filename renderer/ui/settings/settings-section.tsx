import { Textarea } from '@mantine/core';
import { useTexts } from '../texts/use-texts.tsx';
import { ChoiceField, NumberField, SecretField, SwitchField, TextField } from './fields.tsx';
import { QuickReplies, ShotLists } from './lists.tsx';
import styles from './settings-dialog.module.css';
import type { Section, SettingsForm } from './settings-draft.ts';
import { useField } from './use-field.ts';

export interface Surroundings {
  /** What this PC is connected by: `{ value: 'wlan0', label: 'wlan0 · 192.168.1.50' }`. */
  interfaces: readonly { value: string; label: string }[];
  /** Whether the app can start with the computer: only its own window, on systems that have such a list. */
  canAutostart: boolean;
}

interface Props extends Surroundings {
  section: Section;
  form: SettingsForm;
}

/** The fields of one section. */
export function SettingsSection({ section, form, interfaces, canAutostart }: Props) {
  const { t } = useTexts();
  const { settings } = form;
  switch (section) {
    case 'desk':
      return (
        <>
          <TextField
            form={form}
            name="desk_name"
            label={t('settings.desk.name')}
            about={t('settings.desk.nameAbout')}
            placeholder="Mostrador"
          />
          <ChoiceField
            form={form}
            name="lang"
            label={t('settings.desk.lang')}
            about={t('settings.desk.langAbout')}
            choices={[
              { value: 'es', label: 'Español' },
              { value: 'en', label: 'English' },
            ]}
          />
          <SwitchField
            form={form}
            name="autostart"
            label={t('settings.desk.autostart')}
            about={t(canAutostart ? 'settings.desk.autostartAbout' : 'settings.desk.autostartElsewhere')}
            disabled={!canAutostart}
          />
        </>
      );
    case 'network': {
      const kept = settings.lan_interface;
      const isKnown = kept === null || interfaces.some(({ value }) => value === kept);
      return (
        <>
          <ChoiceField
            form={form}
            name="lan_interface"
            label={t('settings.network.interface')}
            about={t('settings.network.interfaceAbout')}
            choices={[
              { value: '', label: t('settings.network.best') },
              ...interfaces,
              ...(isKnown ? [] : [{ value: kept, label: t('settings.network.away', { name: kept }) }]),
            ]}
          />
          <NumberField
            form={form}
            name="port"
            label={t('settings.network.port')}
            about={t('settings.network.portAbout')}
          />
          <TextField
            form={form}
            name="host"
            label={t('settings.network.host')}
            about={t('settings.network.hostAbout')}
            placeholder="0.0.0.0"
          />
        </>
      );
    }
    case 'wifi':
      return (
        <>
          <p className={styles.about}>{t('settings.wifi.about')}</p>
          <TextField form={form} name="wifi_ssid" label={t('settings.wifi.name')} />
          <SecretField
            form={form}
            name="wifi_password"
            label={t('settings.wifi.password')}
            about={t('settings.wifi.passwordAbout')}
            isSet={settings.wifi_password_set}
            remove={t('settings.wifi.remove')}
          />
        </>
      );
    case 'privacy':
      return (
        <>
          <NumberField
            form={form}
            name="retention_days"
            label={t('settings.privacy.retention')}
            about={t('settings.privacy.retentionAbout')}
            unit="days"
          />
          <ConsentText form={form} />
          <NumberField
            form={form}
            name="blur_minutes"
            label={t('settings.privacy.blur')}
            about={t('settings.privacy.blurAbout')}
            unit="minutes"
          />
        </>
      );
    case 'shots':
      return <ShotLists form={form} />;
    case 'replies':
      return <QuickReplies form={form} />;
    case 'screen':
      return (
        <>
          <ChoiceField
            form={form}
            name="theme"
            label={t('settings.screen.theme')}
            about={t('settings.screen.themeAbout')}
            choices={[
              { value: 'system', label: t('settings.screen.system') },
              { value: 'light', label: t('settings.screen.light') },
              { value: 'dark', label: t('settings.screen.dark') },
            ]}
          />
          <SwitchField
            form={form}
            name="sounds"
            label={t('settings.screen.sounds')}
            about={t('settings.screen.soundsAbout')}
          />
        </>
      );
    case 'security':
      return (
        <SecretField
          form={form}
          name="settings_pin"
          label={t(settings.pin_set ? 'settings.security.newPin' : 'settings.security.pin')}
          about={t('settings.security.about')}
          isSet={settings.pin_set}
          remove={t('settings.security.remove')}
          digits
        />
      );
    default:
      return section satisfies never;
  }
}

function ConsentText({ form }: { form: SettingsForm }) {
  const { t } = useTexts();
  const version = t('settings.privacy.version', { version: form.settings.consent_version });
  const { changed, isFixed, notes } = useField(
    form,
    'consent_text',
    `${t('settings.privacy.consentAbout')} ${version}`,
  );
  return (
    <Textarea
      label={t('settings.privacy.consent')}
      {...notes}
      size="md"
      autosize
      minRows={4}
      maxRows={10}
      readOnly={isFixed}
      data-setting="consent_text"
      placeholder={t('settings.privacy.own')}
      value={(changed === undefined ? form.settings.consent_text : changed) ?? ''}
      onChange={event => form.set({ consent_text: event.currentTarget.value || null })}
    />
  );
}
