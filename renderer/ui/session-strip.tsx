import { UnstyledButton } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Session } from '../../protocol/session.ts';
import { SessionMark } from './session-mark.tsx';
import { lookOf, SessionState } from './session-state.tsx';
import styles from './session-strip.module.css';
import { useTexts } from './texts/use-texts.tsx';

interface Props {
  sessions: readonly Session[];
  selected: string | null;
  nameOf: (session: Session) => string;
  onSelect: (id: string) => void;
}

/** The sessions still open, to go from one to another. */
export function SessionStrip({ sessions, selected, nameOf, onSelect }: Props) {
  const { t } = useTexts();
  const strip = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice is the reason to look for it
  useEffect(() => {
    strip.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected, sessions.length]);
  return (
    <nav data-personal ref={strip} className={styles.strip} aria-label={t('station.sessions')}>
      {sessions.map(session => {
        const look = lookOf(session);
        const name = nameOf(session);
        return (
          <UnstyledButton
            key={session.id}
            className={styles.one}
            data-testid="session-choice"
            aria-current={session.id === selected ? 'true' : undefined}
            aria-label={`${name}, ${t(`session.${look}`)}`}
            title={`${name}, ${t(`session.${look}`)}`}
            onClick={() => onSelect(session.id)}
          >
            <SessionMark emoji={session.emoji} color={session.color} size="small" />
            <span className={styles.words}>
              <span className={styles.name}>{name}</span>
              <SessionState look={look} />
            </span>
          </UnstyledButton>
        );
      })}
    </nav>
  );
}
