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

const tabs = Object.entries(operations).map(([file, query]) => ({
  query,
  variables: variables[file.replace(/\.graphql$/, '.variables.json')] ?? null,
}));

const path = document.querySelector('meta[name="graphql-path"]')?.getAttribute('content') ?? '/graphql';
const root = document.querySelector('#explorer');
if (root === null) throw new Error('the page has no element for the explorer');

createRoot(root).render(
  createElement(GraphiQL, {
    fetcher: createGraphiQLFetcher({ url: new URL(path, location.origin).href }),
    defaultTabs: tabs,
    defaultEditorToolsVisibility: 'variables',
  }),
);
