/** The desk's page. */
import 'yet-another-react-lightbox/styles.css';
import { startPage } from '../ui/page/start-page.tsx';
import { DeskScreen } from './desk-screen.tsx';
import { openDesk } from './open-desk.ts';

void startPage({
  open: openDesk,
  content: ({ store, chats, http, network, openDisplay }, facts) => (
    <DeskScreen facts={facts} store={store} chats={chats} http={http} network={network} openDisplay={openDisplay} />
  ),
});
