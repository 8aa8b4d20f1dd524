rule shortcut_starts_script_host_out_of_sight
{
    meta:
        title = "A shortcut starts a script host with its window hidden or its arguments padded"
        title_ja = "ショートカットが、ウィンドウを隠すか空白で引数を押し出して、スクリプトの実行環境を起動する"
        author = "Sakimori"
        license = "Apache-2.0"
        reference = "https://attack.mitre.org/techniques/T1204/002/"
        severity = "high"
        technique = "T1204.002, T1059"
    strings:
        $host1 = "powershell" ascii wide nocase
        $host2 = "mshta" ascii wide nocase
        $host3 = "wscript" ascii wide nocase
        $host4 = "cscript" ascii wide nocase
        $host5 = "rundll32" ascii wide nocase
        $host6 = "cmd.exe" ascii wide nocase
        $hidden = /-w(in(dowstyle)?)?\s+(hid(den)?|1)\b/ wide nocase
        $encoded = /-e(nc(odedcommand)?)?\s+[A-Za-z0-9+\/]{60}/ wide nocase
        $padded = /([ \t\r\n]\x00){40}/
        $fetch = /https?:\/\/[^\x00]{4}/ wide nocase
    condition:
        uint32(0) == 0x0000004C and uint32(4) == 0x00021401
        and any of ($host*) and any of ($hidden, $encoded, $padded, $fetch)
}

rule editor_task_runs_on_opening_a_folder
{
    meta:
        title = "An editor's task fetches and runs something as soon as the folder is opened"
        title_ja = "フォルダーを開いた時点で、エディターのタスクが何かを取得して実行する"
        author = "Sakimori"
        license = "Apache-2.0"
        reference = "https://attack.mitre.org/groups/G1052/"
        severity = "high"
        technique = "T1204.002, T1059"
    strings:
        $on = /"runOn"\s*:\s*"folderOpen"/
        $curl = /(curl|wget)[^"\n]{0,200}\|[^"\n]{0,40}(sh|bash|cmd|node|python)/
        $iwr = /(iwr|invoke-webrequest|irm|invoke-restmethod)[^"\n]{4,200}(\||iex|start)/ nocase
        $node = /"command"\s*:\s*"node(\.exe)?\s[^"]*\.(woff2?|ttf|otf|png|jpe?g|svg|ico|dat|dict)"/
    condition:
        $on and any of ($curl, $iwr, $node)
}
