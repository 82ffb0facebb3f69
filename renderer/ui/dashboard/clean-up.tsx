import { Button } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { useState } from 'react';
import type { Result } from '../../../protocol/errors.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { useTexts } from '../texts/use-texts.tsx';

interface Props {
  onCleanUp: () => Promise<Result<{ connections: number; sessions: number }>>;
  /** What came of it, as a sentence. */
  onDone: (tone: 'good' | 'bad', text: string) => void;
}

export function CleanUp({ onCleanUp, onDone }: Props) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const confirm = async () => {
    const done = await onCleanUp();
    if (done.ok) {
      const connections = t('dashboard.closed', { count: done.value.connections });
      const sessions = t('dashboard.removed', { count: done.value.sessions });
      onDone('good', t('dashboard.cleaned', { connections, sessions }));
    } else onDone('bad', t('dashboard.cleanFailed', { why: t(`errors.${done.error.code}`) }));
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSparkles size={18} aria-hidden />}
        data-testid="clean-up"
        onClick={() => setAsking(true)}
      >
        {t('dashboard.cleanUp')}
      </Button>
      <ConfirmDialog
        about={asking || null}
        title={t('dashboard.cleanUpTitle')}
        text={t('dashboard.cleanUpText')}
        action={t('dashboard.cleanUp')}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
