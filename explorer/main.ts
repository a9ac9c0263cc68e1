import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

/** The example operations, one tab each, with their variables where they take some. */
const operations = import.meta.glob<string>('../examples/operations/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const variables = import.meta.glob<string>('../examples/operations/*.variables.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const subscriptions = import.meta.glob<string>('../examples/subscriptions/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const tabs = Object.entries({ ...operations, ...subscriptions }).map(([file, query]) => ({
  query,
  variables: variables[file.replace(/\.graphql$/, '.variables.json')] ?? null,
}));

/** Where the explorer may keep what it remembers; never what is typed: variables may hold secrets, and headers hold keys. */
const storage: Storage = {
  get length() {
    return localStorage.length;
  },
  key: (index) => localStorage.key(index),
  getItem: (key) => (isHarmless(key) ? localStorage.getItem(key) : null),
  setItem: (key, value) => {
    if (isHarmless(key)) localStorage.setItem(key, value);
  },
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
};

function isHarmless(key: string): boolean {
  return /^graphiql:(theme|visiblePlugin|\w*Flex)$/.test(key);
}

const path = document.querySelector('meta[name="graphql-path"]')?.getAttribute('content') ?? '/graphql';
const url = new URL(path, location.origin).href;
const root = document.querySelector('#explorer');
if (root === null) throw new Error('the page has no element for the explorer');

createRoot(root).render(
  createElement(GraphiQL, {
    // Subscriptions go over WebSocket; what stands in the headers editor goes into its first message.
    fetcher: createGraphiQLFetcher({ url, subscriptionUrl: url.replace(/^http/, 'ws') }),
    defaultTabs: tabs,
    defaultEditorToolsVisibility: 'variables',
    // Where callers have keys, the key goes into the headers editor; it is sent with every request and forgotten with the page.
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
    storage,
  }),
);
