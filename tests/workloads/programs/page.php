<?php
// One page that computes, starts a process, writes a file and reads it.
$file = tempnam(sys_get_temp_dir(), "page");
file_put_contents($file, "kept", LOCK_EX);
printf("page: %d, shell: %d, file: %s\n", array_product([6, 7]), trim(shell_exec('echo $((6 * 7))')),
    file_get_contents($file));
unlink($file);
