import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import styles from './confirm-dialog.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  opened: boolean;
  title: string;
  text: string;
  action: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before what cannot be undone. */
export function ConfirmDialog({ opened, title, text, action, onConfirm, onClose }: Props) {
  const { t } = useTexts();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    await onConfirm();
    setBusy(false);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      zIndex={400}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <p className={styles.text}>{text}</p>
      <div className={styles.actions}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('app.cancel')}
        </Button>
        <Button color="red.9" loading={busy} onClick={confirm} data-testid="confirm">
          {action}
        </Button>
      </div>
    </Modal>
  );
}
