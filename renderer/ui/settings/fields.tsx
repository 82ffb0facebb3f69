/** The kinds of fields of the settings page, each bound to one setting. */
import { Button, NativeSelect, NumberInput, PasswordInput, Switch, TextInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { SettingName } from '../../../protocol/settings.ts';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './settings-dialog.module.css';
import type { SettingsForm } from './settings-draft.ts';
import { useField } from './use-field.ts';

interface Props<N extends SettingName> {
  form: SettingsForm;
  name: N;
  label: string;
  about?: string;
}

export function TextField({
  form,
  name,
  label,
  about,
  placeholder,
}: Props<'desk_name' | 'host' | 'wifi_ssid'> & { placeholder?: string }) {
  const { changed, isFixed, notes } = useField(form, name, about);
  return (
    <TextInput
      label={label}
      {...notes}
      readOnly={isFixed}
      classNames={look(isFixed)}
      rightSection={isFixed && <IconLock size={18} aria-hidden />}
      placeholder={placeholder}
      data-setting={name}
      autoComplete="off"
      value={changed ?? (changed === null ? '' : (form.settings[name] ?? ''))}
      onChange={event => form.set({ [name]: event.currentTarget.value || null })}
    />
  );
}

export function NumberField({
  form,
  name,
  label,
  about,
  unit,
}: Props<'port' | 'retention_days' | 'blur_minutes'> & { unit?: 'days' | 'minutes' }) {
  const { t } = useTexts();
  const { changed, isFixed, notes } = useField(form, name, about);
  const value = changed === null ? '' : (changed ?? form.settings[name]);
  return (
    <NumberInput
      label={label}
      {...notes}
      size="md"
      readOnly={isFixed}
      classNames={{ wrapper: styles.number ?? '', ...look(isFixed) }}
      data-setting={name}
      rightSection={isFixed && <IconLock size={18} aria-hidden />}
      suffix={unit ? ` ${t(`settings.${unit}`, { count: Number(value) })}` : ''}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      value={value}
      onChange={value => form.set({ [name]: typeof value === 'number' ? value : value === '' ? null : Number(value) })}
    />
  );
}

export function ChoiceField({
  form,
  name,
  label,
  about,
  choices,
}: Props<'lang' | 'theme' | 'lan_interface'> & { choices: readonly { value: string; label: string }[] }) {
  const { changed, isFixed, notes } = useField(form, name, about);
  return (
    <NativeSelect
      label={label}
      {...notes}
      size="md"
      disabled={isFixed}
      data-setting={name}
      data={[...choices]}
      value={(changed === undefined ? form.settings[name] : changed) ?? ''}
      onChange={event => form.set({ [name]: event.currentTarget.value || null })}
    />
  );
}

export function SwitchField({
  form,
  name,
  label,
  about,
  disabled = false,
}: Props<'sounds' | 'autostart'> & { disabled?: boolean }) {
  const { changed, isFixed, notes } = useField(form, name, about);
  return (
    <Switch
      label={label}
      {...notes}
      size="lg"
      disabled={isFixed || disabled}
      data-setting={name}
      classNames={{ body: styles.switch ?? '', label: styles.switchLabel ?? '' }}
      checked={changed ?? form.settings[name]}
      onChange={event => form.set({ [name]: event.currentTarget.checked })}
    />
  );
}

/** What is fixed looks it: sunk, with a lock. */
function look(isFixed: boolean): { input: string } {
  return { input: isFixed ? (styles.fixed ?? '') : '' };
}

/** A secret is never shown: it can be written anew, or taken away where one is set. */
export function SecretField({
  form,
  name,
  label,
  about,
  isSet,
  remove,
  digits = false,
}: Props<'wifi_password' | 'settings_pin'> & { isSet: boolean; remove: string; digits?: boolean }) {
  const { t } = useTexts();
  const { changed, isFixed, notes } = useField(form, name, about);
  const kept = isSet ? t(isFixed ? 'settings.isSetFixed' : 'settings.isSet') : t('settings.isNotSet');
  return (
    <div className={styles.secret}>
      <PasswordInput
        label={label}
        {...notes}
        size="md"
        readOnly={isFixed}
        data-setting={name}
        autoComplete="new-password"
        inputMode={digits ? 'numeric' : undefined}
        placeholder={changed === null ? t('settings.removed') : kept}
        classNames={look(isFixed)}
        // Anything else than `undefined` there, `false` too, takes the place of the eye.
        rightSection={isFixed ? <IconLock size={18} aria-hidden /> : undefined}
        // Of all inputs Mantine's one for passwords alone does not say it by itself.
        aria-invalid={notes.error !== undefined}
        visibilityToggleFocusable
        visibilityToggleButtonProps={{ 'aria-label': t('settings.reveal') }}
        value={changed ?? ''}
        onChange={event => form.set({ [name]: event.currentTarget.value || undefined })}
      />
      {isSet && !isFixed && changed !== null && (
        <Button variant="default" onClick={() => form.set({ [name]: null })}>
          {remove}
        </Button>
      )}
    </div>
  );
}
