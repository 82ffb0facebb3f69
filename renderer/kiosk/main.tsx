/** The desk's page: facts, language and token first, then React. */
import '@mantine/core/styles.css';
import 'yet-another-react-lightbox/styles.css';
import './desk.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { App } from './app.tsx';
import { readFacts } from './facts.ts';
import { startLanguage } from './language.ts';
import { openDesk } from './open-desk.ts';
import { theme } from './theme.ts';
import { findToken, forgetToken, keepToken } from './token.ts';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');
void start(root);

async function start(root: HTMLElement): Promise<void> {
  const facts = readFacts(document);
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  window.__webpack_nonce__ = nonce;
  document.title = facts.desk;

  const token = await findToken(window);
  const i18n = await startLanguage(facts.lang, document, localStorage);
  const signIn = (given: string) => {
    keepToken(window, given);
    return openDesk(given, window);
  };
  const first = token === null ? null : openDesk(token, window);

  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <I18nextProvider i18n={i18n}>
          <App facts={facts} first={first} open={signIn} onRefused={() => forgetToken(window)} />
        </I18nextProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
