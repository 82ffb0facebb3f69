import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import styles from './confirm-dialog.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props<T> {
  /** `null`: nothing is asked. */
  about: T | null;
  title: string;
  text: string;
  action: string;
  /** Nothing can be done now. */
  disabled?: boolean;
  onConfirm: (about: T) => unknown;
  onClose: () => void;
}

/** Asks before what cannot be undone, and stands until that is done: once it is under way, nothing here takes it back. */
export function ConfirmDialog<T>({ about, title, text, action, disabled, onConfirm, onClose }: Props<T>) {
  const { t } = useTexts();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    if (about === null) return;
    setBusy(true);
    await onConfirm(about);
    setBusy(false);
    onClose();
  };
  return (
    <Modal
      opened={about !== null}
      onClose={busy ? () => {} : onClose}
      title={title}
      centered
      zIndex={400}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <p className={styles.text}>{text}</p>
      <div className={styles.actions}>
        <Button variant="default" disabled={busy} onClick={onClose} data-autofocus>
          {t('app.cancel')}
        </Button>
        <Button color="red.9" loading={busy} disabled={disabled} onClick={confirm} data-testid="confirm">
          {action}
        </Button>
      </div>
    </Modal>
  );
}
