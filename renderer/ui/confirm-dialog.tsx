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
  /** It can be undone. */
  harmless?: boolean;
  /** A second way to go on, in place of the button that leaves all as it is: the cross and Escape still do. */
  other?: { label: string; onChoose: (about: T) => void } | undefined;
  onConfirm: (about: T) => unknown;
  onClose: () => void;
}

/** Asks before what cannot be undone, and stands until that is done: once it is under way, nothing here takes it back. */
export function ConfirmDialog<T>(props: Props<T>) {
  const { about, title, text, action, disabled, harmless = false, other, onConfirm, onClose } = props;
  const { t } = useTexts();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    if (about === null) return;
    setBusy(true);
    await onConfirm(about);
    setBusy(false);
    onClose();
  };
  const turnDown = () => {
    if (about !== null) other?.onChoose(about);
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
        <Button variant="default" disabled={busy} onClick={turnDown} data-autofocus>
          {other?.label ?? t('app.cancel')}
        </Button>
        <Button
          color={harmless ? undefined : 'red.9'}
          loading={busy}
          disabled={disabled}
          onClick={confirm}
          data-testid="confirm"
        >
          {action}
        </Button>
      </div>
    </Modal>
  );
}
