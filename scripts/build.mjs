import { build, checkNode, installPackages } from './prepare.mjs';

checkNode();
installPackages();
build({ force: true });
