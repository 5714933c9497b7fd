import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { Network } from './network';
import './style/theme.css';
import './style/page.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');
const network = new Network(window.location.href);
createRoot(root).render(
  <StrictMode>
    <App network={network} />
  </StrictMode>,
);
