/** How every page of the desk begins: facts, language and token first, then React. */
import '@mantine/core/styles.css';
import './desk.css';
import { MantineProvider } from '@mantine/core';
import type { TFunction } from 'i18next';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import type { PageFacts } from '../../../protocol/page-facts.ts';
import { Contained } from '../contained.tsx';
import type { SignInTexts } from '../sign-in.tsx';
import { TextsProvider } from '../texts/use-texts.tsx';
import { Door, type Opened } from './door.tsx';
import { readFacts } from './facts.ts';
import { type Reader, startLanguage } from './language.ts';
import { theme } from './theme.ts';
import { findToken, forgetToken, keepToken } from './token.ts';

interface PageParts<T extends Opened> {
  /** Signs in; called outside React, so that drawing twice never connects twice. */
  open: (token: string, window: Window) => T;
  content: (opened: T, facts: PageFacts) => ReactNode;
  /** Its texts for who comes without a token. */
  signIn?: SignInTexts;
  /** Beside the desk's name, on the tab. */
  title?: (t: TFunction) => string;
  /** Who reads it, where that is not the desk. */
  reader?: Reader;
}

/** How long a visitor reads of a fault on a screen that nobody touches, in milliseconds. */
const unattended = 10_000;

/** Draws `content` behind the sign-in, in the page's `#root`. */
export async function startPage<T extends Opened>({
  open,
  content,
  signIn: texts,
  title,
  reader = 'desk',
}: PageParts<T>): Promise<void> {
  const root = document.getElementById('root');
  if (!root) throw new Error('The page has no #root.');
  const facts = readFacts(document);
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  window.__webpack_nonce__ = nonce;

  const token = await findToken(window);
  const i18n = await startLanguage(facts.lang, reader, document, localStorage);
  const titleOf = (desk: string) => (title ? `${title(i18n.t)} · ${desk}` : desk);
  const name = () => {
    document.title = titleOf(facts.desk);
  };
  name();
  i18n.on('languageChanged', name);
  const signIn = (given: string) => {
    keepToken(window, given);
    return open(given, window);
  };
  const first = token === null ? null : open(token, window);

  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <I18nextProvider i18n={i18n}>
          <TextsProvider>
            <Contained reloadAfterMs={reader === 'visitor' ? unattended : undefined}>
              <Door
                signIn={texts}
                facts={facts}
                reader={reader}
                titleOf={titleOf}
                first={first}
                open={signIn}
                onRefused={() => forgetToken(window)}
                onAskAgain={window.mostrador ? () => window.location.reload() : null}
                content={content}
              />
            </Contained>
          </TextsProvider>
        </I18nextProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
