rule script_empties_browser_wallets
{
    meta:
        title = "A script reads the stores of several browser wallets and sends files away"
        title_ja = "スクリプトが複数のブラウザーウォレットの保存領域を読み、ファイルを外へ送る"
        author = "Sakimori"
        license = "Apache-2.0"
        reference = "https://attack.mitre.org/groups/G1052/"
        severity = "high"
        technique = "T1555.003, T1005"
    strings:
        // Folders that extensions have in a browser's profile; the names are public in its store.
        $metamask = "nkbihfbeogaeaoehlefnkodbefgpgknn"
        $metamask_edge = "ejbalbakoplchlghecdalmeeeajnimhm"
        $phantom = "bfnaelmomeimhlpmgjnjophhpkkoljpa"
        $tronlink = "ibnejdfjmmkpcnlpebklmnkoeoihofec"
        $binance = "fhbohimaelbohpjbbldcngcnapndodjp"
        $coinbase = "hnfanknocfeofbddgcijnmhnfnkdnaad"
        $exodus = "aholpfdialjgjfhomihkjbmgjidlcdno"
        $okx = "mcohilncbfahbmgdjkbpemcciiolgcge"
        $trust = "egjidjbpglichdcondbcbdnbeeppgdph"
        $solflare = "bhhhlbepdkbapadjdnnojkbgioiodbic"
        $store = "Local Extension Settings"
        $login = "Login Data"
        $state = "Local State"
        $post1 = ".post(" nocase
        $post2 = "XMLHttpRequest"
        $post3 = "/uploads"
        $post4 = "requests.post"
        $post5 = "fetch("
        $post6 = "multipart/form-data"
    condition:
        filesize < 5MB and uint16(0) != 0x5A4D
        and 3 of ($metamask, $metamask_edge, $phantom, $tronlink, $binance, $coinbase, $exodus, $okx, $trust, $solflare)
        and any of ($store, $login, $state) and any of ($post*)
}

rule script_asks_for_the_mac_password
{
    meta:
        title = "A script asks for a Mac's password in a window of its own and keeps the keychain in view"
        title_ja = "スクリプトが独自のウィンドウで Mac のパスワードを尋ね、キーチェーンを扱う"
        author = "Sakimori"
        license = "Apache-2.0"
        reference = "https://attack.mitre.org/techniques/T1056/002/"
        severity = "high"
        technique = "T1056.002, T1555.001"
    strings:
        $dialog = "display dialog" nocase
        $hidden = "with hidden answer" nocase
        $keychain1 = "login.keychain"
        $keychain2 = "dscl . authonly" nocase
        $keychain3 = "dscl /Local/Default -authonly" nocase
        $keychain4 = "security unlock-keychain" nocase
    condition:
        filesize < 20MB and $dialog and $hidden and any of ($keychain*)
}
