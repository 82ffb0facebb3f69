import { Button, Modal, TextInput, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconDeviceMobileOff, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import styles from './person-dialog.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  person: string;
  /** Whether a phone is paired with a session of theirs. */
  hasPhone: boolean;
  /** Resolves when it is done, or has failed (and that was told). */
  onErase: () => Promise<void>;
  onClose: () => void;
}

/** Everything of a person goes for good: it says what, and has the idPersona typed, so that it is nobody else's. */
export function EraseDialog({ person, hasPhone, onErase, onClose }: Props) {
  const { t } = useTexts();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const isSame = typed.trim() === person;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isSame || busy) return;
    setBusy(true);
    await onErase();
    onClose();
  };

  return (
    <Modal
      opened
      onClose={() => {
        if (!busy) onClose();
      }}
      title={t('people.eraseTitle', { person })}
      centered
      closeOnClickOutside={false}
      withCloseButton={!busy}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <form onSubmit={submit}>
        <p className={styles.text}>{t('people.eraseText')}</p>
        <ul className={styles.list}>
          {(['erasePhotos', 'eraseChat', 'eraseSessions', 'eraseLog'] as const).map(key => (
            <li key={key}>{t(`people.${key}`)}</li>
          ))}
        </ul>
        {hasPhone && (
          <p className={styles.remark}>
            <IconDeviceMobileOff size={20} aria-hidden />
            <span>{t('people.erasePhone')}</span>
          </p>
        )}
        <p className={styles.remark} data-tone="bad">
          <IconAlertTriangle size={20} aria-hidden />
          <span>{t('people.eraseFinal')}</span>
        </p>
        <TextInput
          label={t('people.eraseType', { person })}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          readOnly={busy}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          data-testid="erase-typed"
          data-takes-code
        />
        <div className={styles.actions}>
          <Button variant="default" onClick={onClose} disabled={busy}>
            {t('app.cancel')}
          </Button>
          <Button
            type="submit"
            color="red.9"
            leftSection={<IconTrash size={18} aria-hidden />}
            disabled={!isSame && !busy}
            loading={busy}
            data-testid="erase-confirm"
          >
            {t('people.eraseDo')}
          </Button>
        </div>
        <VisuallyHidden component="p" role="status">
          {busy && t('people.erasing')}
        </VisuallyHidden>
      </form>
    </Modal>
  );
}
