# Web servers, as Debian configures them, on port 80.

load workloads

NGINX=(nginx -g "daemon off;")

@test "nginx, its default config" {
	workload "nginx, default config" nginx-light:nginx apache2-utils:ab curl
	serve "${NGINX[@]}"
	ready 30 gets / "It works"
	load_of_requests http://127.0.0.1/
	stop
	works
}

@test "nginx under Docker's profile" {
	workload "nginx, with Docker's seccomp profile" nginx-light:nginx apache2-utils:ab curl
	docker_profile
	serve "${NGINX[@]}"
	ready 30 gets / "It works"
	load_of_requests http://127.0.0.1/
	stop
	works
}

@test "nginx: reloaded and reopened by signals, as it is operated" {
	workload "nginx, reload and upgrade of its log" nginx-light:nginx curl
	serve "${NGINX[@]}"
	ready 30 gets / "It works"
	put /etc/nginx/conf.d/more.conf <<<'server { listen 8081; return 200 "more\n"; }'
	run_osless -0 exec "$ID" nginx -s reload
	ready 30 gets http://127.0.0.1:8081/ more
	in_rootfs mv /var/log/nginx/access.log /var/log/nginx/access.log.1
	run_osless -0 exec "$ID" nginx -s reopen
	ready 30 logged_anew
	stop
	works
}

logged_anew() {
	gets / "It works" && in_rootfs grep -q "GET / " /var/log/nginx/access.log
}

@test "apache2, prefork" {
	workload "apache2, prefork" apache2 apache2-utils:ab curl
	in_rootfs a2dismod -q mpm_event
	in_rootfs a2enmod -q mpm_prefork
	serve_apache
	ready 30 gets / "It works"
	load_of_requests http://127.0.0.1/
	stop
	works
}

@test "apache2, event, under Docker's profile" {
	workload "apache2, event, with Docker's seccomp profile" apache2 apache2-utils:ab curl
	docker_profile
	serve_apache
	ready 30 gets / "It works"
	load_of_requests http://127.0.0.1/
	stop
	works
}

# As apache2ctl does.
serve_apache() {
	# shellcheck disable=SC2016 # for the container's shell
	serve sh -c '. /etc/apache2/envvars && mkdir -p "$APACHE_RUN_DIR" && exec apache2 -DFOREGROUND'
}

@test "lighttpd" {
	workload lighttpd lighttpd apache2-utils:ab curl
	serve lighttpd -D -f /etc/lighttpd/lighttpd.conf
	ready 30 gets /index.html "It works"
	load_of_requests http://127.0.0.1/index.html
	stop
	works
}

@test "haproxy before nginx" {
	workload "haproxy before nginx" haproxy nginx-light:nginx apache2-utils:ab curl
	haproxy_before_nginx
	serve_tree "$(child nginx "${NGINX[@]}")" "$(child haproxy haproxy -W -db -f /etc/haproxy/haproxy.cfg)"
	ready 30 gets / "It works"
	load_of_requests http://127.0.0.1/
	gets "http://127.0.0.1:8404/;csv" "web,nginx,"
	stop
	works
}

# haproxy_before_nginx: Debian's configuration, less `chroot` and `daemon`, and two servers.
haproxy_before_nginx() {
	in_rootfs sed -i 's/listen \(\[::\]:\)\?80 /listen \18080 /' /etc/nginx/sites-available/default
	in_rootfs sed -i '/^\s*\(chroot\|daemon\)\b/d' /etc/haproxy/haproxy.cfg
	in_rootfs sh -c 'mkdir -p /run/haproxy; cat >>/etc/haproxy/haproxy.cfg' <<-CONF
		frontend all
		    bind :80
		    default_backend web
		backend web
		    server nginx 127.0.0.1:8080 check
		listen stats
		    bind 127.0.0.1:8404
		    stats enable
		    stats uri /
	CONF
}

@test "php-fpm behind nginx" {
	workload "php-fpm behind nginx" "php-fpm:/usr/sbin/php-fpm*" nginx-light:nginx apache2-utils:ab curl
	local fpm
	fpm=$(in_rootfs sh -c 'echo /usr/sbin/php-fpm*')
	put /etc/nginx/sites-available/default <<-'CONF'
		server {
		    listen 80;
		    root /var/www/html;
		    location ~ \.php$ {
		        include snippets/fastcgi-php.conf;
		        fastcgi_pass unix:/run/php/php.sock;
		    }
		}
	CONF
	in_rootfs sh -c 'sed -i "s,^listen = .*,listen = /run/php/php.sock," /etc/php/*/fpm/pool.d/www.conf'
	put_program page.php
	in_rootfs cp /opt/page.php /var/www/html/page.php
	in_rootfs mkdir -p /run/php
	serve_tree "$(child php "$fpm" -F)" "$(child nginx "${NGINX[@]}")"
	ready 30 gets /page.php "page: 42, shell: 42, file: kept"
	load_of_requests http://127.0.0.1/page.php
	stop
	works
}

@test "caddy, built by Go" {
	workload "caddy (built by Go)" caddy apache2-utils:ab curl
	serve caddy file-server --root /var/www/html --listen :80
	ready 30 gets /index.html "It works"
	load_of_requests http://127.0.0.1/index.html
	stop
	works
}
