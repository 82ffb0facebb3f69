import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import styles from './copied-command.module.css';
import { copyText } from './copy-text.ts';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  /** The system that it is for. */
  name: string;
  command: string;
}

const looks = {
  ready: { icon: IconCopy, word: 'network.copy' },
  copied: { icon: IconCheck, word: 'network.copied' },
  failed: { icon: IconAlertTriangle, word: 'network.notCopied' },
} as const;

/** A command to be typed into a terminal. Where the browser does not let a page copy, it is selected, so that a key can. */
export function CopiedCommand({ name, command }: Props) {
  const { t } = useTexts();
  const text = useRef<HTMLElement>(null);
  const [look, setLook] = useState<keyof typeof looks>('ready');
  const copy = async () => {
    const copied = await copyText(command);
    if (!copied && text.current) window.getSelection()?.selectAllChildren(text.current);
    setLook(copied ? 'copied' : 'failed');
  };
  const { icon: Picture, word } = looks[look];
  return (
    <div className={styles.command}>
      <p className={styles.name}>{name}</p>
      <code ref={text} className={styles.code}>
        {command}
      </code>
      <Button
        variant="default"
        leftSection={<Picture size={20} aria-hidden />}
        onClick={() => void copy()}
        aria-label={`${t(word)}: ${name}`}
      >
        <span role="status">{t(word)}</span>
      </Button>
    </div>
  );
}
