import './styles';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { repairBrowserLanguage } from '../lib/locale';
import { pageNonce } from './nonce';

repairBrowserLanguage();
// The scroll lock of drawers writes a style element and takes the nonce from there.
setNonce(pageNonce());

const root = document.getElementById('page');
if (!root) throw new Error('index.html has no #page');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
