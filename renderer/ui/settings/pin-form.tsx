import { Button, PasswordInput } from '@mantine/core';
import { IconLockOpen } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useTexts } from '../texts/use-texts.tsx';
import styles from './settings-dialog.module.css';

interface Props {
  online: boolean;
  /** `null`: it is the right one; else why not. */
  check: (pin: string) => Promise<ReactNode>;
  onRight: (pin: string) => void;
}

/** Asks for the PIN before any setting is shown. */
export function PinForm({ online, check, onRight }: Props) {
  const { t } = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const [pin, setPin] = useState('');
  const [problem, setProblem] = useState<ReactNode>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || !online) return;
    if (pin === '') return setProblem(t('settings.pin.empty'));
    setBusy(true);
    const why = await check(pin);
    setBusy(false);
    if (why === null) return onRight(pin);
    setProblem(why);
    setPin('');
    input.current?.focus();
  };

  return (
    <form className={styles.pin} onSubmit={submit} noValidate data-testid="pin-form">
      <p className={styles.about}>{t('settings.pin.lead')}</p>
      <PasswordInput
        ref={input}
        label={t('settings.pin.label')}
        size="md"
        inputMode="numeric"
        autoComplete="off"
        data-autofocus
        data-testid="pin"
        error={problem}
        aria-invalid={problem !== null}
        visibilityToggleFocusable
        visibilityToggleButtonProps={{ 'aria-label': t('settings.reveal') }}
        value={pin}
        onChange={event => {
          setPin(event.currentTarget.value);
          setProblem(null);
        }}
      />
      <Button
        type="submit"
        size="md"
        loading={isBusy}
        disabled={!online}
        leftSection={<IconLockOpen size={20} aria-hidden />}
      >
        {t('settings.pin.open')}
      </Button>
      <p className={styles.about}>{t('settings.pin.forgotten')}</p>
    </form>
  );
}
